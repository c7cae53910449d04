"""The gazetteer's own text: districts and unitary authorities, and the places in each.

A heading is `CODE; region; name`. Under it stand places, parted by bars: name, approximate
easting and northing in kilometres on the British National Grid, the outward codes used there
(`-` for none) and how many postcodes to invent. A place with no outward codes only helps to
shape an outline. The grid references are rounded by hand and good for a schematic map only.
"""

GAZETTEER = """\
E06000019; WM; Herefordshire, County of
  Hereford 351 240 HR1,HR2,HR4 200 | Belmont 348.5 238 HR2 60 | Leominster 349.5 259 HR6 70
  Ross-on-Wye 360 224 HR9 70 | Ledbury 371 238 HR8 60 | Bromyard 365 254.5 HR7 40
  Kington 330 256.5 HR5 30 | Peterchurch 334.5 238.5 HR2 15 | Ewyas Harold 338.5 228.5 HR2 15
  Longtown 332 229 HR2 8 | Weobley 340 251.5 HR4 15 | Eardisley 331 249 HR3 12
  Bodenham 353 251 HR1 12 | Fownhope 358 234.5 HR1 12 | Colwall 374 242.5 WR13 15
  Cradley 373.5 247 WR13 8 | Whitchurch 355 218 HR9 10 | Pontrilas 343 221 HR2 8
  Orleton 349 267 SY8 10 | Wigmore 341 269 HR6 10 | Leintwardine 340.5 273.5 SY7 6
  Pembridge 339 258 HR6 10 | Walterstone 333.5 224.5 - 0 | Michaelchurch 328.5 234 - 0
  Brilley 326.5 250 - 0 | Lingen 336.5 266.5 - 0 | Brimfield 353.5 267.5 - 0
  Whitbourne 371 256 - 0 | Bromsberrow 373 234 - 0 | Linton 366 225.5 - 0
  Welsh Newton 350.5 218 - 0
E06000051; WM; Shropshire
  Shrewsbury 349.5 312.5 SY1,SY2,SY3 40 | Church Stretton 345.5 293.5 SY6 20
  Craven Arms 343 283 SY7 20 | Ludlow 351.5 275 SY8 50 | Cleobury Mortimer 367.5 276 DY14 20
  Bridgnorth 371.5 293 WV15,WV16 40 | Bishops Castle 332.5 289 SY9 10 | Clun 330 281 SY7 8
  Much Wenlock 362 299.5 TF13 10 | Brown Clee 360 285 - 0 | Bucknell 335.5 276 - 0
E07000235; WM; Malvern Hills
  Great Malvern 378 246 WR14 60 | Tenbury Wells 359.5 268.5 WR15 20
  Upton upon Severn 385 240.5 WR8 15 | Martley 376 260 WR6 15 | Welland 379.5 240 WR13 12
  Alfrick 375 253 - 0 | Stanford 370.5 265 - 0
E07000237; WM; Worcester
  Worcester 385 255.5 WR1,WR2,WR3,WR4,WR5 80
E07000238; WM; Wychavon
  Pershore 395 247 WR10 25 | Evesham 404 244 WR11 35 | Droitwich Spa 389.5 263.5 WR9 30
E07000239; WM; Wyre Forest
  Kidderminster 383 276.5 DY10,DY11 60 | Stourport-on-Severn 381 271.5 DY13 25
  Bewdley 378.5 275.5 DY12 20
E07000234; WM; Bromsgrove
  Bromsgrove 396 270.5 B60,B61 30
E07000236; WM; Redditch
  Redditch 404 267 B97,B98 30
E07000080; SW; Forest of Dean
  Coleford 357.5 210.5 GL16 25 | Cinderford 366 214 GL14 25 | Lydney 363 203.5 GL15 25
  Newent 372 226 GL18 20 | Mitcheldean 366 218 GL17 12 | Dymock 370.5 231 - 0
  Staunton 378 230 GL19 8
E07000081; SW; Gloucester
  Gloucester 383.5 218 GL1,GL2,GL4 70
E07000078; SW; Cheltenham
  Cheltenham 394.5 222.5 GL50,GL51,GL52,GL53 50
E07000083; SW; Tewkesbury
  Tewkesbury 390 233 GL20 25
E07000082; SW; Stroud
  Stroud 385 205 GL5 30 | Dursley 375.5 198.5 GL11 15
E07000079; SW; Cotswold
  Cirencester 402.5 201.5 GL7 20
W06000023; ; Powys
  Hay-on-Wye 323 242 HR3 12 | Presteigne 331.5 264.5 LD8 10 | Knighton 328.5 272.5 LD7 12
  Llandrindod Wells 306 261.5 LD1 15 | Builth Wells 304 251 LD2 12 | Brecon 304.5 228.5 LD3 20
  Crickhowell 321.5 218.5 NP8 8 | Newtown 311 291.5 SY16 15 | Gladestry 323 255 - 0
  Talgarth 315.5 233.5 - 0 | Capel-y-ffin 325.5 231.5 - 0
W06000021; ; Monmouthshire
  Monmouth 351 213 NP25 25 | Abergavenny 330 214 NP7 30 | Usk 337.5 201 NP15 12
  Chepstow 353 194 NP16 20 | Pandy 333.5 221.5 - 0 | Skenfrith 345 218.5 - 0 | Raglan 341 208 - 0
W06000020; ; Torfaen
  Pontypool 328 200 NP4 15 | Cwmbran 329.5 195 NP44 15
W06000019; ; Blaenau Gwent
  Ebbw Vale 317 210 NP23 15
E06000018; EM; Nottingham
  City centre 457 340 NG1 60 | St Ann's 458.5 341.5 NG3 60 | Sneinton 458.8 339.3 NG2 50
  The Meadows 457.3 338.4 NG2 50 | Radford 455.5 340.5 NG7 70 | Basford 455.3 343.2 NG6,NG7 50
  Aspley 453.5 342.5 NG8 70 | Bilborough 452 341.5 NG8 60 | Wollaton 452.5 339.5 NG8 40
  Lenton 455 339 NG7 30 | Bulwell 453.8 345.2 NG6 80 | Top Valley 455.8 345.8 NG5 60
  Bestwood Park 456.8 344.8 NG5 60 | Sherwood 457.2 342.8 NG5 50 | Mapperley 458.5 342.9 NG3 30
  Clifton 454.8 334.8 NG11 70 | Wilford 456 336.6 NG11 20 | Bakersfield 460.2 340.2 NG3 15
  Hempshill 452.6 344.3 NG6 20
E07000173; EM; Gedling
  Arnold 458.8 345.8 NG5 40 | Carlton 461.5 341.8 NG4 40 | Netherfield 462.3 340.8 NG4 20
  Calverton 462 349 NG14 15 | Lambley 462.8 345 NG4 8 | Bestwood Village 455.8 347.8 NG6 8 |
  Mapperley Plains 460.3 344 - 0 | Gedling 461.3 342.9 - 0
E07000176; EM; Rushcliffe
  West Bridgford 458.8 336.6 NG2 40 | Ruddington 457.3 333.2 NG11 20 | Gotham 453.5 330.2 NG11 10
  Cotgrave 464.5 335.2 NG12 20 | Bingham 470.5 340 NG13 20 | Keyworth 461.5 331 NG12 20
  East Leake 455.5 326.5 LE12 15 | Barton in Fabis 452.3 332.8 - 0
  Holme Pierrepont 461.5 338.6 - 0 | Gamston 460 337.5 - 0 |
  Compton Acres 456.8 335.4 - 0
E07000172; EM; Broxtowe
  Beeston 452.5 336.8 NG9 40 | Stapleford 449 337.2 NG9 30 | Kimberley 450 344.8 NG16 25
  Eastwood 446.5 346.8 NG16 30 | Trowell 449 340 - 0 | Nuthall 451 344.2 - 0
  Bramcote 451 338 - 0 | Strelley 450.6 341.9 - 0 |
  Attenborough 452.6 334.8 - 0
E07000170; EM; Ashfield
  Hucknall 453.4 349 NG15 40 | Kirkby-in-Ashfield 449.5 356 NG17 30
  Sutton-in-Ashfield 449.5 359 NG17 35
E07000174; EM; Mansfield
  Mansfield 454 361 NG18,NG19 60
E07000175; EM; Newark and Sherwood
  Newark-on-Trent 480 354 NG24 40 | Southwell 470 354 NG25 15 | Ollerton 466 367 NG22 20
E07000171; EM; Bassetlaw
  Worksop 458.5 379.5 S80,S81 35 | Retford 470.5 381 DN22 25
E06000015; EM; Derby
  Derby 436 335.5 DE1,DE22,DE23,DE24 90 | Chaddesden 438.5 336.8 DE21 30
E07000036; EM; Erewash
  Ilkeston 446.2 341.8 DE7 35 | Long Eaton 448.5 333.5 NG10 35 | Draycott 444 333.5 DE72 8
E07000032; EM; Amber Valley
  Heanor 443.2 346.3 DE75 20 | Ripley 439.5 350 DE5 20 | Alfreton 441.5 355 DE55 20
  Belper 435 347 DE56 20
E07000033; EM; Bolsover
  Bolsover 447.3 370.5 S44 20 | Shirebrook 452.3 367.7 NG20 15
E07000034; EM; Chesterfield
  Chesterfield 438 371.5 S40,S41 45
E07000035; EM; Derbyshire Dales
  Matlock 430 360 DE4 20 | Ashbourne 418.5 346.5 DE6 12 | Bakewell 421.5 368.5 DE45 8
E07000038; EM; North East Derbyshire
  Clay Cross 439.4 363.3 S45 15 | Dronfield 435.5 378.5 S18 15
E07000039; EM; South Derbyshire
  Swadlincote 430 320 DE11 25 | Melbourne 438.5 325.6 DE73 10 | Hilton 425 330.5 DE65 10
E06000016; EM; Leicester
  Leicester 459 304.5 LE1,LE2,LE3,LE4,LE5 80
E07000130; EM; Charnwood
  Loughborough 453.5 319.8 LE11 40 | Syston 462.5 311.7 LE7 20
E07000129; EM; Blaby
  Narborough 454 298.5 LE19 20
E07000135; EM; Oadby and Wigston
  Wigston 460.5 299 LE18 15
E07000132; EM; Hinckley and Bosworth
  Hinckley 443 294.5 LE10 25 | Market Bosworth 440.5 303 CV13 8
E07000134; EM; North West Leicestershire
  Coalville 442.5 314.5 LE67 25 | Ashby-de-la-Zouch 435.7 316.7 LE65 15
  Castle Donington 444.8 327 DE74 12
E07000131; EM; Harborough
  Market Harborough 473.5 287.5 LE16 20
E07000133; EM; Melton
  Melton Mowbray 475.3 319.5 LE13 25
E06000017; EM; Rutland
  Oakham 486 308.8 LE15 15
E07000141; EM; South Kesteven
  Grantham 491.5 335.7 NG31 35 | Bourne 509.5 320 PE10 10
E07000139; EM; North Kesteven
  North Hykeham 494 366 LN6 15 | Sleaford 507 346 NG34 15
E07000138; EM; Lincoln
  Lincoln 497.5 371.5 LN1,LN2 30
E07000193; WM; East Staffordshire
  Burton upon Trent 424.5 323 DE14,DE15 35
E07000199; WM; Tamworth
  Tamworth 420.5 304 B79 20
E08000039; YH; Sheffield
  Sheffield 435.5 387.5 S1,S2,S8 50 | Mosborough 443.5 382 S20 15
E08000018; YH; Rotherham
  Rotherham 443 393 S60,S65 30 | Dinnington 452.5 386 S25 12
E06000043; SE; Brighton and Hove
  Central Brighton 531.2 104.8 BN1 90 | Hanover 532 105.3 BN2 60 | Kemptown 533.3 103.9 BN2 50
  Whitehawk 533.8 104.8 BN2 60 | Moulsecoomb 533 107 BN2 70 | Coldean 533.5 108.8 BN1 25
  Patcham 530.3 109 BN1 35 | Hollingbury 531.8 108 BN1 40 | Preston Park 530.2 106.4 BN1 40
  Hove 528.8 105 BN3 80 | Hangleton 526.9 107 BN3 60 | Portslade 525.5 106.2 BN41 60
  Mile Oak 524.8 107.6 BN41 30 | Woodingdean 535.9 105.3 BN2 40 | Rottingdean 536.9 102.5 BN2 20
  Ovingdean 535.3 103.3 BN2 12 | Saltdean 538.2 102 BN2 15 | Standean 531.5 110.3 - 0
  Waterhall 528 109 - 0 | Falmer Road 536 107 - 0
E07000223; SE; Adur
  Southwick 523.8 105.3 BN42 20 | Shoreham-by-Sea 521.8 105.3 BN43 35
  Lancing 518.2 104.6 BN15 35 | Southwick Hill 523.3 108.5 - 0
E07000229; SE; Worthing
  Worthing 514.6 103.2 BN11,BN13,BN14 60
E07000224; SE; Arun
  Littlehampton 503 102.5 BN17 25 | Bognor Regis 493.5 99.6 PO21,PO22 35
  Arundel 501.5 107 BN18 10
E07000225; SE; Chichester
  Chichester 486 105 PO19 30 | Midhurst 488.6 121.5 GU29 12 | Selsey 485.5 94.5 PO20 12
E07000227; SE; Horsham
  Horsham 517.5 131 RH12,RH13 40 | Steyning 517.8 111.3 BN44 15 | Henfield 521.5 116 BN5 10
  Pulborough 505 118.5 RH20 12
E07000228; SE; Mid Sussex
  Burgess Hill 531 119 RH15 35 | Haywards Heath 533 124.5 RH16 35 | Hassocks 530.4 115.5 BN6 25
  East Grinstead 539.4 138.2 RH19 30 | Poynings 526.4 112.2 - 0 | Pyecombe 529.2 112.6 - 0
E07000226; SE; Crawley
  Crawley 527 136.8 RH10,RH11 60
E07000063; SE; Lewes
  Lewes 541.6 110.3 BN7 35 | Newhaven 544.5 101.3 BN9 25 | Peacehaven 541.2 101.3 BN10 30
  Seaford 548.3 99.2 BN25 35 | Ringmer 544.6 112.5 BN8 12 | Plumpton 536 113.4 BN8 8
  Falmer Village 535.6 109.4 - 0 | Kingston near Lewes 539.2 107.8 - 0 | Telscombe 540 103.4 - 0
  Balsdean 538.6 105.4 - 0
E07000065; SE; Wealden
  Hailsham 559 109.5 BN27 30 | Uckfield 547.2 121.2 TN22 30 | Crowborough 551.7 130.6 TN6 30
  Heathfield 558.2 121.1 TN21 20 | Polegate 558.2 104.9 BN26 20 | Alfriston 552 103 - 0
E07000061; SE; Eastbourne
  Eastbourne 560.9 99.6 BN21,BN22,BN23 60
E07000064; SE; Rother
  Bexhill-on-Sea 574 107.8 TN39,TN40 35 | Battle 574.5 115.9 TN33 15 | Rye 592 120.5 TN31 10
E07000062; SE; Hastings
  Hastings 580.5 109.8 TN34,TN38 45
E07000116; SE; Tunbridge Wells
  Tunbridge Wells 558.5 139.5 TN1,TN2,TN4 40 | Hawkhurst 576 130.5 TN18 8
E07000111; SE; Sevenoaks
  Edenbridge 544.3 146.3 TN8 12
E07000115; SE; Tonbridge and Malling
  Tonbridge 559 146.5 TN9 25
E07000211; SE; Reigate and Banstead
  Redhill 528 150.5 RH1 25 | Horley 528.5 143 RH6 20
E07000210; SE; Mole Valley
  Dorking 516.5 149.3 RH4 15
E07000215; SE; Tandridge
  Lingfield 538.6 143.6 RH7 10
E07000216; SE; Waverley
  Godalming 497 143.8 GU7 15 | Cranleigh 506 139 GU6 10
E07000085; SE; East Hampshire
  Petersfield 474.5 123.3 GU31 15
E08000025; WM; Birmingham
  Birmingham 407 287 B1,B5,B15,B23,B31 60
E08000027; WM; Dudley
  Dudley 394.5 290 DY1,DY2 30 | Stourbridge 390 284.5 DY8 20
E08000028; WM; Sandwell
  West Bromwich 400.5 291 B70 25
E08000031; WM; Wolverhampton
  Wolverhampton 391.5 298.5 WV1,WV3 30
E08000030; WM; Walsall
  Walsall 401.5 298.5 WS1 25
E08000029; WM; Solihull
  Solihull 415.5 279.5 B91 15
E08000026; WM; Coventry
  Coventry 433.5 279 CV1,CV6 30
E06000020; WM; Telford and Wrekin
  Telford 369.5 308.5 TF1,TF3 30
E06000021; WM; Stoke-on-Trent
  Stoke-on-Trent 388 346 ST1,ST4 30
E07000197; WM; Stafford
  Stafford 392.5 323.5 ST16 20
E07000221; WM; Stratford-on-Avon
  Stratford-upon-Avon 420 255 CV37 12
E06000023; SW; Bristol, City of
  Bristol 360 174 BS5,BS13 35
E06000022; SW; Bath and North East Somerset
  Bath 375 165 BA1 12
E06000025; SW; South Gloucestershire
  Yate 371 182.5 BS37 15
E06000030; SW; Swindon
  Swindon 415 184.5 SN1 20
E06000066; SW; Somerset
  Taunton 323 124.5 TA1 12
E07000041; SW; Exeter
  Exeter 292.5 92.5 EX1 12
E06000058; SW; Bournemouth, Christchurch and Poole
  Bournemouth 409 91.5 BH1 15
W06000015; ; Cardiff
  Cardiff 318.5 176.5 CF10,CF5 25
W06000022; ; Newport
  Newport 331 188 NP19,NP20 20
W06000006; ; Wrexham
  Wrexham 333.5 350.5 LL13 10
S12000049; ; Glasgow City
  Glasgow 259 665 G1 8
N09000003; ; Belfast
  Belfast 333 374 BT1 6
E08000003; NW; Manchester
  Manchester 384 397 M1,M14 30
E08000007; NW; Stockport
  Stockport 390 390 SK1 20
E08000004; NW; Oldham
  Oldham 393 405 OL1 15
E08000012; NW; Liverpool
  Liverpool 336 390 L4,L8 25
E07000123; NW; Preston
  Preston 354 429.5 PR1 15
E06000009; NW; Blackpool
  Blackpool 331 436 FY1 12
E06000063; NW; Cumberland
  Carlisle 340.5 556 CA1 10
E06000064; NW; Westmorland and Furness
  Kendal 351.5 492.5 LA9 8
E08000035; YH; Leeds
  Leeds 430 434 LS1,LS9 25
E08000032; YH; Bradford
  Bradford 416.5 433 BD1 15
E08000038; YH; Barnsley
  Barnsley 434.5 406.5 S70 20
E08000017; YH; Doncaster
  Doncaster 457.5 403.5 DN1 25
E06000065; YH; North Yorkshire
  Harrogate 430.5 455.5 HG1 10
E06000010; YH; Kingston upon Hull, City of
  Hull 509.5 429 HU5 12
E08000021; NE; Newcastle upon Tyne
  Newcastle upon Tyne 425 564.5 NE1 12
E06000002; NE; Middlesbrough
  Middlesbrough 449.5 520 TS1 10
E06000031; EE; Peterborough
  Peterborough 519 299 PE1 20
E07000008; EE; Cambridge
  Cambridge 545.5 258.5 CB1 10
E07000148; EE; Norwich
  Norwich 623 308.5 NR1 12
E06000032; EE; Luton
  Luton 509 221.5 LU1 12
E06000033; EE; Southend-on-Sea
  Southend-on-Sea 588 185.5 SS1 15
E06000062; EM; West Northamptonshire
  Northampton 475.5 260.5 NN1,NN3 25
E06000061; EM; North Northamptonshire
  Kettering 487 279 NN16 15
E06000042; SE; Milton Keynes
  Milton Keynes 485.5 238.5 MK9 15
E07000178; SE; Oxford
  Oxford 451.5 206 OX4 10
E06000038; SE; Reading
  Reading 471.5 173.5 RG1 12
E06000044; SE; Portsmouth
  Portsmouth 464.5 100.5 PO1 20
E06000045; SE; Southampton
  Southampton 442 111.5 SO14 20
E07000110; SE; Maidstone
  Maidstone 576 156 ME14 30
E07000106; SE; Canterbury
  Canterbury 615 158 CT1 20
E07000114; SE; Thanet
  Ramsgate 638 165 CT11 25
E07000105; SE; Ashford
  Ashford 601 142.5 TN24 20
E06000035; SE; Medway
  Chatham 576 167.5 ME4 25
E09000008; LN; Croydon
  Croydon 532.5 165.5 CR0 40
E09000006; LN; Bromley
  Bromley 540.5 169 BR1 20
E09000023; LN; Lewisham
  Lewisham 538 175 SE13 15
"""
