/// How a figure looks.
public struct PlotOptions: Sendable {
    /// Colours.
    public enum Style: String, Sendable, CaseIterable {
        /// On white.
        case light
        /// On nearly black.
        case dark
    }

    /// Its width in pixels.
    public var width = 1200
    /// Its height in pixels; nil: as high as its panels need, 600 at least.
    public var height: Int?
    /// What stands on top; empty: nothing.
    public var title = ""
    /// Colours.
    public var style = Style.light
    /// Pixels of a PNG for each pixel of the figure.
    public var scale = 1

    /// 1200 by 600, light.
    public init() {}

    /// Widths and heights that can be drawn.
    public static let sizes = 200...10_000
    /// Scales that can be drawn.
    public static let scales = 1...4
}
