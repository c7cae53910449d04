(function () {
  "use strict";
  var table = document.querySelector("table.sortable");
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  function cell(row, column) { return row.cells[column].dataset; }
  function compare(one, other, column, way) {
    var a = cell(one, column), b = cell(other, column);
    if (!a.sort || !b.sort) { return (a.sort ? 0 : 1) - (b.sort ? 0 : 1); }
    if ((a.rule || "") !== (b.rule || "")) { return (a.rule || "") < (b.rule || "") ? -1 : 1; }
    var order = heads[column].classList.contains("n") ? a.sort - b.sort : a.sort.localeCompare(b.sort, "en-GB");
    return order * way;
  }
  function sort(column) {
    var way = heads[column].getAttribute("aria-sort") === "ascending" ? -1 : 1;
    var ordered = rows.slice().sort(function (one, other) {
      return compare(one, other, column, way) || rows.indexOf(one) - rows.indexOf(other);
    });
    ordered.forEach(function (row) { body.appendChild(row); });
    heads.forEach(function (head, at) {
      if (at === column) { head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending"); } else { head.removeAttribute("aria-sort"); }
    });
  }
  heads.forEach(function (head, column) {
    if (!head.hasAttribute("data-sorts")) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.appendChild(head.firstChild);
    button.addEventListener("click", function () { sort(column); });
    head.insertBefore(button, head.firstChild);
  });
  heads[0].setAttribute("aria-sort", "ascending");
  document.getElementById("how-to-sort").hidden = false;
})();
