// SPDX-License-Identifier: Apache-2.0

extension StatementPage {
  /// The page's style, which is all that it has beside words.
  static let style: StaticString = """
    @page{size:A4;margin:16mm 16mm 18mm}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:178mm;padding:6mm 0;color:#000;background:#fff;font:10pt/1.5 "Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,"Noto Serif",serif}
    h1{margin:0 0 1mm;text-align:center;font-size:19pt;font-weight:700;letter-spacing:.05em}
    h2{margin:4mm 0 1mm;font-size:11pt;break-after:avoid}
    p{margin:0}
    .contract{margin:0 0 4mm;text-align:center;font-size:11.5pt}
    .banner{margin:0 0 4mm;padding:1.5mm;border:.6mm solid #b00;color:#b00;text-align:center;font-weight:700}
    dl{margin:0 0 3mm;display:grid;grid-template-columns:1fr;gap:.6mm 6mm}
    dl div{display:flex;gap:3mm}
    dt{flex:0 0 34mm;color:#333}
    dd{margin:0;flex:1;overflow-wrap:anywhere;unicode-bidi:isolate}
    table{width:100%;border-collapse:collapse;margin:0 0 2mm}
    th,td{border:.25mm solid #000;padding:1.2mm 1.8mm;vertical-align:top;text-align:left;overflow-wrap:anywhere;unicode-bidi:isolate}
    th{background:#eee;font-weight:700}
    thead{display:table-header-group}
    tr{break-inside:avoid}
    .number{width:11mm;text-align:center;overflow-wrap:normal}
    .clause{width:26mm}
    .amount{width:34mm;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .formula,.facts{font-size:9pt;color:#222}
    .facts{color:#555}
    .total td{font-weight:700}
    .capitals{margin:0 0 3mm;font-size:11.5pt;font-weight:700}
    .label{margin-right:3mm;font-weight:400}
    ul{margin:0;padding-left:6mm}
    li{overflow-wrap:anywhere;unicode-bidi:isolate}
    .signatures{display:flex;gap:12mm;margin-top:6mm;break-inside:avoid}
    .side{flex:1}
    .party{margin-bottom:9mm;font-weight:700}
    .sign{display:flex;gap:2mm;margin-top:3.5mm}
    .line{flex:1;border-bottom:.25mm solid #000}
    footer{margin-top:5mm;padding-top:2mm;border-top:.25mm solid #888;font-size:8.5pt;color:#333;break-inside:avoid}
    footer p{line-height:1.4;overflow-wrap:anywhere;unicode-bidi:isolate}
    .digest{font-family:"DejaVu Sans Mono","Noto Sans Mono",monospace}
    @media print{body{max-width:none;padding:0}.banner,th{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
    """

  /// What the page may do.
  static let policy = PageAnswer.policy(styles: style)
}
