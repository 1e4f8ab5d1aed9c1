import ArgumentParser
import Plot

/// What a plot is written as.
enum PlotForm: String, CaseIterable, ExpressibleByArgument {
    case text, svg, png, html
}

/// How a plot looks.
struct PlotLooks: ParsableArguments {
    @Option(
        help: "How to write: text for a terminal, svg, png or html; without it as the output's ending says.")
    var format: PlotForm?

    @Option(
        help: ArgumentHelp("Pixels across, 1200 by default; for text, columns.", valueName: "pixels"))
    var width: Int?

    @Option(
        help: ArgumentHelp(
            "Pixels from top to bottom, by default 600 or what the panels need; for text, lines.", valueName: "pixels"))
    var height: Int?

    @Option(help: ArgumentHelp("Pixels of a PNG for each of these, 1 to 4: 2 for fine screens.", valueName: "factor"))
    var scale = 1

    @Option(help: ArgumentHelp("What stands on top, by default the files' names.", valueName: "text"))
    var title: String?

    @Option(help: "Colours: light or dark.")
    var style = PlotOptions.Style.light

    func validate() throws {
        if !PlotOptions.scales.contains(scale) { throw ValidationError("--scale takes 1 to 4, not \(scale).") }
    }

    /// What is written, by the option or by the output's ending; refuses sizes that it does not have.
    func form(_ output: String?) throws -> PlotForm {
        let form = try format ?? Self.form(output)
        let sizes = PlotOptions.sizes
        let bounds = form == .text ? (width: 40...1000, height: 10...1000) : (width: sizes, height: sizes)
        let unit = form == .text ? "characters" : "pixels"
        for (name, size, allowed) in [("--width", width, bounds.width), ("--height", height, bounds.height)] {
            guard let size, !allowed.contains(size) else { continue }
            throw ValidationError(
                "\(name) takes \(allowed.lowerBound) to \(allowed.upperBound) \(unit), not \(size).")
        }
        let pixels = (width ?? 1200) * (height ?? 600) * scale * scale
        if form == .png, pixels > 40_000_000 {
            throw ValidationError("--width, --height and --scale make \(pixels) pixels: at most 40000000 are drawn.")
        }
        return form
    }

    private static func form(_ output: String?) throws -> PlotForm {
        guard let output else { return .text }
        guard output != "-" else { return .svg }
        let ending = output.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        switch ending {
        case "svg": return .svg
        case "png": return .png
        case "html", "htm": return .html
        case "txt": return .text
        default:
            throw ValidationError(
                "-o \(output): the ending does not say what to write: use .svg, .png, .html or .txt, or add --format.")
        }
    }

    /// The looks of a figure of some files.
    func options(_ files: [String]) -> PlotOptions {
        var options = PlotOptions()
        if let width { options.width = width }
        options.height = height
        options.scale = scale
        options.style = style
        let names = files.prefix(3).map { $0 == "-" ? "standard input" : String($0.split(separator: "/").last ?? "") }
        options.title = title ?? names.joined(separator: ", ") + (files.count > 3 ? " and \(files.count - 3) more" : "")
        return options
    }

    /// Columns and lines of a plot as text. On a terminal it leaves room for the prompt.
    func screen(isTerminal: Bool) -> (columns: Int, rows: Int?) {
        (width ?? Console.width, height ?? (isTerminal ? Console.height.map { max(12, $0 - 2) } : nil))
    }
}

extension PlotOptions.Style: ExpressibleByArgument {}
