// SPDX-License-Identifier: Apache-2.0

extension TablePage {
  /// How the sheet lies.
  static let portrait: StaticString = "@page{size:A4 portrait;margin:14mm 12mm 16mm}"
  static let landscape: StaticString = "@page{size:A4 landscape;margin:14mm 12mm 16mm}"

  /// What sets a table of many columns close, on top of the style of every table.
  static let dense: StaticString = """
    table{font-size:6.5pt;line-height:1.3}
    th,td{padding:.5mm .2mm;text-align:center}
    td:first-child,td:nth-child(2):not(.number){padding:.5mm .6mm;text-align:left}
    .number{text-align:center}
    """

  /// The style of every table.
  static let style: StaticString = """
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:273mm;padding:4mm 0;color:#000;background:#fff;font:9pt/1.4 "Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,"Noto Serif",serif}
    h1{margin:0 0 3mm;text-align:center;font-size:16pt;font-weight:700;letter-spacing:.05em}
    dl{margin:0 0 3mm;display:grid;grid-template-columns:1fr 1fr;gap:.6mm 6mm}
    dl div{display:flex;gap:3mm}
    dt{flex:0 0 26mm;color:#333}
    dd{margin:0;flex:1;overflow-wrap:anywhere;unicode-bidi:isolate}
    table{width:calc(100% - 2px);margin:0 1px;border-collapse:collapse;table-layout:fixed}
    th,td{border:.25mm solid #000;padding:.8mm 1.2mm;vertical-align:top;text-align:left;overflow-wrap:anywhere;unicode-bidi:isolate}
    th{background:#e8edf3;font-weight:700;text-align:center}
    thead{display:table-header-group}
    tr{break-inside:avoid}
    .label{break-after:avoid}
    .number{text-align:right;overflow-wrap:normal;font-variant-numeric:tabular-nums}
    .time{text-align:center;font-variant-numeric:tabular-nums}
    .total td,.label td{font-weight:700}
    .label td{background:#f4f4f4}
    .signature td{height:15mm;vertical-align:middle}
    .note td{color:#333}
    .w1{width:2.08%}.w2{width:4.17%}.w3{width:6.25%}.w4{width:8.33%}.w5{width:10.42%}.w6{width:12.50%}.w7{width:14.58%}.w8{width:16.67%}.w9{width:18.75%}.w10{width:20.83%}.w11{width:22.92%}.w12{width:25.00%}.w13{width:27.08%}.w14{width:29.17%}.w15{width:31.25%}.w16{width:33.33%}.w17{width:35.42%}.w18{width:37.50%}.w19{width:39.58%}.w20{width:41.67%}.w21{width:43.75%}.w22{width:45.83%}.w23{width:47.92%}.w24{width:50.00%}
    footer{break-before:avoid;margin-top:3mm;font-size:8pt;color:#333}
    @media print{body{max-width:none;padding:0}th,.label td{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
    """
}
