internal import Records

/// A colour: red, green, blue from 0 to 255, and how much it covers.
struct Colour: Equatable, BitwiseCopyable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8
    var opacity = 1.0

    /// From 0xRRGGBB.
    init(_ hex: UInt32, _ opacity: Double = 1) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
        self.opacity = opacity
    }

    /// `#0b6fb8`.
    var hex: String {
        let digits = [red, green, blue].map { octet in
            (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }
        return "#" + digits.joined()
    }
}

/// The colours of a style. Those of series differ in hue and lightness, so that they are told apart with every kind of
/// colour vision, and leave yellow, orange and red to limits.
struct Theme {
    let style: PlotOptions.Style

    private static let light: [UInt32] = [
        0x0B6FB8, 0xC0569C, 0x009E73, 0x56B4E9, 0x5B3A8E, 0x5F6B7A, 0x0E4B50, 0x9C8AC9,
    ]
    private static let dark: [UInt32] = [
        0x5AB0F0, 0xE08CC3, 0x2FC79A, 0xA5D8FF, 0xB29AE8, 0xA3AFBD, 0x64BCC4, 0xF0C9E4,
    ]

    func colour(_ paint: Paint) -> Colour {
        let isLight = style == .light
        return switch paint {
        case .background: Colour(isLight ? 0xFFFFFF : 0x14181D)
        case .title: Colour(isLight ? 0x16202B : 0xF1F4F7)
        case .text: Colour(isLight ? 0x39434E : 0xD0D6DC)
        case .quiet: Colour(isLight ? 0x6B7681 : 0x8C97A3)
        case .grid: Colour(isLight ? 0xE9ECEF : 0x262C33)
        case .axis: Colour(isLight ? 0xAEB6BF : 0x525C67)
        case .gap: Colour(isLight ? 0x8492A0 : 0x9AA7B4, isLight ? 0.16 : 0.14)
        case .series(let number):
            Colour(isLight ? Self.light[number % Self.light.count] : Self.dark[number % Self.dark.count])
        case .limit(let state): Colour(limit(state, isLight))
        case .edge(let state): Colour(limit(state, isLight), isLight ? 0.65 : 0.5)
        case .zone(let state): Colour(limit(state, isLight), isLight ? 0.08 : 0.12)
        }
    }

    private func limit(_ state: LimitState, _ isLight: Bool) -> UInt32 {
        switch state {
        case .nominal, .watch: isLight ? 0xB8930B : 0xE3C341
        case .warning: isLight ? 0xE06C00 : 0xFF9A3D
        case .distress, .critical, .severe: isLight ? 0xC81E1E : 0xFF5C5C
        }
    }
}
