internal import Glibc

/// The resonance of eccentric orbits of half a day, Molniya's, with the Earth's shape (DSINIT).
struct HalfDayResonance: Sendable {
    private let d2201, d2211, d3210, d3222, d4410, d4422, d5220, d5232, d5421, d5433: Double

    /// None.
    init() {
        (d2201, d2211, d3210, d3222, d4410) = (0, 0, 0, 0, 0)
        (d4422, d5220, d5232, d5421, d5433) = (0, 0, 0, 0, 0)
    }

    init(em: Double, emsq: Double, sinim: Double, cosim: Double, no: Double, aonv: Double) {
        func cubic(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
            a + b * em + c * emsq + d * em * emsq
        }
        let isLow = em <= 0.65
        let g201 = -0.306 - (em - 0.64) * 0.440
        let g211 = isLow ? 3.616 - 13.2470 * em + 16.2900 * emsq : cubic(-72.099, 331.819, -508.738, 266.724)
        let g310 =
            isLow ? cubic(-19.302, 117.3900, -228.4190, 156.5910) : cubic(-346.844, 1582.851, -2415.925, 1246.113)
        let g322 =
            isLow ? cubic(-18.9068, 109.7927, -214.6334, 146.5816) : cubic(-342.585, 1554.908, -2366.899, 1215.972)
        let g410 =
            isLow ? cubic(-41.122, 242.6940, -471.0940, 313.9530) : cubic(-1052.797, 4758.686, -7193.992, 3651.957)
        let g422 =
            isLow
            ? cubic(-146.407, 841.8800, -1629.014, 1083.4350) : cubic(-3581.690, 16178.110, -24462.770, 12422.520)
        let g520 =
            isLow
            ? cubic(-532.114, 3017.977, -5740.032, 3708.2760)
            : em > 0.715
                ? cubic(-5149.66, 29936.92, -54087.36, 31324.56) : 1464.74 - 4664.75 * em + 3763.64 * emsq
        let isBelow = em < 0.7
        let g533 =
            isBelow
            ? cubic(-919.22770, 4988.6100, -9064.7700, 5542.21)
            : cubic(-37995.780, 161616.52, -229838.20, 109377.94)
        let g521 =
            isBelow
            ? cubic(-822.71072, 4568.6173, -8491.4146, 5337.524)
            : cubic(-51752.104, 218913.95, -309468.16, 146349.42)
        let g532 =
            isBelow
            ? cubic(-853.66600, 4690.2500, -8624.7700, 5341.4)
            : cubic(-40023.880, 170470.89, -242699.48, 115605.82)

        let (cosisq, sini2) = (cosim * cosim, sinim * sinim)
        let f220 = 0.75 * (1 + 2 * cosim + cosisq)
        let f221 = 1.5 * sini2
        let f321 = 1.875 * sinim * (1 - 2 * cosim - 3 * cosisq)
        let f322 = -1.875 * sinim * (1 + 2 * cosim - 3 * cosisq)
        let f441 = 35 * sini2 * f220
        let f442 = 39.3750 * sini2 * sini2
        let f522 =
            9.84375 * sinim
            * (sini2 * (1 - 2 * cosim - 5 * cosisq) + 0.33333333 * (-2 + 4 * cosim + 6 * cosisq))
        let f523 =
            sinim
            * (4.92187512 * sini2 * (-2 - 4 * cosim + 10 * cosisq) + 6.56250012 * (1 + 2 * cosim - 3 * cosisq))
        let f542 = 29.53125 * sinim * (2 - 8 * cosim + cosisq * (-12 + 8 * cosim + 10 * cosisq))
        let f543 = 29.53125 * sinim * (-2 - 8 * cosim + cosisq * (12 + 8 * cosim - 10 * cosisq))

        var temp1 = 3 * no * no * aonv * aonv
        var temp = temp1 * 1.7891679e-6
        (d2201, d2211) = (temp * f220 * g201, temp * f221 * g211)
        temp1 *= aonv
        temp = temp1 * 3.7393792e-7
        (d3210, d3222) = (temp * f321 * g310, temp * f322 * g322)
        temp1 *= aonv
        temp = 2 * temp1 * 7.3636953e-9
        (d4410, d4422) = (temp * f441 * g410, temp * f442 * g422)
        temp1 *= aonv
        temp = temp1 * 1.1428639e-7
        (d5220, d5232) = (temp * f522 * g520, temp * f523 * g532)
        temp = 2 * temp1 * 2.1765803e-9
        (d5421, d5433) = (temp * f542 * g521, temp * f543 * g533)
    }

    /// How fast the motion changes at an angle, and how fast that does for each unit of the angle's own rate.
    func rates(_ xli: Double, xomi: Double) -> (xndt: Double, xnddt: Double) {
        let (g22, g32, g44, g52, g54) = (5.7686396, 0.95240898, 1.8014998, 1.0508330, 4.4108898)
        let (x2omi, x2li) = (xomi + xomi, xli + xli)
        let (a, b) = (x2omi + xli - g22, xli - g22)
        let (c, d) = (xomi + xli - g32, -xomi + xli - g32)
        let (e, f) = (x2omi + x2li - g44, x2li - g44)
        let (g, h) = (xomi + xli - g52, -xomi + xli - g52)
        let (i, j) = (xomi + x2li - g54, -xomi + x2li - g54)
        let first = d2201 * sin(a) + d2211 * sin(b) + d3210 * sin(c) + d3222 * sin(d)
        let second = d4410 * sin(e) + d4422 * sin(f) + d5220 * sin(g) + d5232 * sin(h)
        let third = d5421 * sin(i) + d5433 * sin(j)
        let single =
            d2201 * cos(a) + d2211 * cos(b) + d3210 * cos(c) + d3222 * cos(d) + d5220 * cos(g) + d5232 * cos(h)
        let double = d4410 * cos(e) + d4422 * cos(f) + d5421 * cos(i) + d5433 * cos(j)
        return (first + second + third, single + 2 * double)
    }
}
