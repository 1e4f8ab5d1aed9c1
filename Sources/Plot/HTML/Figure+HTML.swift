public import Bytes
internal import Records

extension Figure {
    /// Adds the figure as a page that needs nothing but itself, in XML's form of HTML.
    public mutating func html(into out: inout TextBuffer) {
        // Finer than a picture, for those who look closer.
        let layout = layout(columns: 6000)
        let theme = Theme(style: style)
        out.append("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n")
        out.append("<meta charset=\"utf-8\"/>\n<title>")
        out.append(markup: title.isEmpty ? "starlane plot" : title)
        out.append("</title>\n<style>\n")
        out.append(PageScript.style(theme))
        out.append("</style>\n</head>\n<body>\n<main>\n")
        var canvas = SVGCanvas(width: layout.width, height: layout.height, theme: theme, title: "", isTagged: true)
        layout.draw(on: &canvas)
        canvas.finish()
        out.append(canvas.out.bytes)
        out.append("<div id=\"tip\"></div>\n</main>\n")
        out.append("<p>Move over it to read values; drag to look closer, double-click to go back; ")
        out.append("click a name to hide it.</p>\n")
        out.append("<script type=\"application/json\" id=\"data\">")
        PageData(layout, theme).write(into: &out)
        out.append("</script>\n<script>\n//<![CDATA[\n")
        out.append(PageScript.script)
        out.append("//]]>\n</script>\n</body>\n</html>\n")
    }
}
