import Foundation
import Plot
import Support
import Testing

struct RasterTests {
    @Test func everyLetterOfASCIIIsDrawnInsideItsRoom() {
        let box = StrokeFont.glyph("\u{4E2D}")
        for code in UInt8(0x20)...0x7E {
            let glyph = StrokeFont.glyph(Unicode.Scalar(code))
            #expect(glyph.advance >= 4)
            #expect(code == 0x20 || !glyph.strokes.isEmpty, "\(code)")
            #expect(glyph.strokes != box.strokes, "\(code)")
            for spot in glyph.strokes.joined() {
                #expect(spot.x >= -0.1 && spot.x <= glyph.advance + 0.1 && (-4.1...15.1).contains(spot.y), "\(code)")
            }
        }
    }

    @Test func digitsAreOfOneWidthAndLettersOfOtherScriptsAreBoxes() {
        #expect(Set("0123456789".unicodeScalars.map { StrokeFont.glyph($0).advance }).count == 1)
        #expect(StrokeFont.width("中") > StrokeFont.width("A"))
        #expect(StrokeFont.width("") == 0)
    }

    @Test func linesThatCrossAreNoDarker() {
        var mask = Mask(width: 20, height: 20)
        mask.add(from: Spot(2, 10), to: Spot(18, 10), halfWidth: 0.5, isRound: true)
        let once = mask[10, 10]
        mask.add(from: Spot(2, 10), to: Spot(18, 10), halfWidth: 0.5, isRound: true)
        #expect(mask[10, 10] == once)
        mask.removeAll()
        #expect(mask[10, 10] == 0)
    }

    @Test func aLineCoversAsMuchAsItIsWide() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let angle = Double.random(in: 0..<2 * .pi, using: &random)
            let half = Double.random(in: 0.5...3, using: &random)
            var mask = Mask(width: 100, height: 100)
            mask.add(
                from: Spot(50 - 30 * cos(angle), 50 - 30 * sin(angle)),
                to: Spot(50 + 30 * cos(angle), 50 + 30 * sin(angle)), halfWidth: half, isRound: false)
            var sum = 0.0
            for y in 0..<100 { for x in 0..<100 { sum += Double(mask[x, y]) / 255 } }
            #expect(abs(sum - 60 * half * 2) < 60 * half * 2 * 0.03 + 2, "\(angle) \(half): \(sum)")
        }
    }

    @Test func linesOutsideOfThePictureAreNoTrap() {
        var mask = Mask(width: 10, height: 10)
        for spot in [Spot(-1e9, 5), Spot(1e9, 1e9), Spot(.nan, 0), Spot(.infinity, 3), Spot(5, -50)] {
            mask.add(from: Spot(5, 5), to: spot, halfWidth: 1, isRound: true)
            mask.add(from: spot, to: spot, halfWidth: 1, isRound: false)
        }
    }
}
