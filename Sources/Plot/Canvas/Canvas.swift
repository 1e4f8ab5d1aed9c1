internal import Records

/// A place in a picture: pixels from its left upper corner.
package struct Spot: Equatable, BitwiseCopyable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A rectangle in a picture.
struct Area: Equatable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
}

/// What something is coloured as; a theme says which colour that is.
enum Paint: Hashable {
    case background, title, text, quiet, grid, axis, gap
    /// A series by its number.
    case series(Int)
    /// A value that is alarming, the band of such values, and where it begins.
    case limit(LimitState)
    case zone(LimitState)
    case edge(LimitState)
}

/// How a line is drawn.
struct Pen: Hashable {
    /// What it stands for: a terminal draws each in its own way.
    enum Role: Hashable { case grid, axis, threshold, line, bar, marker, alarm }
    var role: Role
    var width: Double
    var paint: Paint
    /// Lengths of a dash and the room behind it; 0: none.
    var dash = 0.0
    /// Whether it ends as a half circle; a line of no length is a dot then.
    var isRound = true
}

/// How text looks.
struct Font: Hashable {
    /// Pixels of its em.
    var size: Double
    var isBold = false

    static let title = Font(size: 18, isBold: true)
    static let legend = Font(size: 13)
    static let note = Font(size: 12)
    static let tick = Font(size: 11.5)
}

/// Which part of text stands at its place.
enum Anchor { case start, middle, end }

/// What a mark belongs to: a page of HTML finds it by that.
enum Tag: Hashable {
    case none
    /// The ticks of the horizontal axis: line or words.
    case timeAxis
    /// What stands for the gaps of a panel.
    case gaps(panel: Int)
    /// A line, markers or alarms of a series, and its entry in the legend.
    case series(Int)
    case legend(Int)
}

/// What a figure is drawn on.
protocol Canvas: ~Copyable {
    /// Fills a rectangle.
    mutating func fill(_ area: Area, _ paint: Paint, _ tag: Tag)
    /// Draws lines, each through its spots.
    mutating func stroke(_ lines: [[Spot]], _ pen: Pen, _ tag: Tag)
    /// Writes text whose base line goes through a spot.
    mutating func text(_ words: String, _ spot: Spot, _ font: Font, _ anchor: Anchor, _ paint: Paint, _ tag: Tag)
}
