"""A sufficiency needs assessment for children looked after, from a council's SSDA903 returns.

The rooms, in the order their imports run: ``fields``, ``codes``, ``errors`` and ``settings``;
``intake`` (files to typed tables); ``cleaning`` (one history a child); ``dataset`` (the two
together, for one authority); ``metrics``; ``forecast``; ``judgement`` (whether there is enough);
``publish`` (disclosure, tables, charts, the appendix); the notebooks; ``explore`` (for the screen);
``runs`` (the notebooks for one authority after another); ``cli``.
"""

__version__ = "0.1.0"
