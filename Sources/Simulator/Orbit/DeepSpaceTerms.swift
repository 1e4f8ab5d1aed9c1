internal import Glibc

/// Where the Sun and the Moon stand for the deep-space terms (DSCOM).
struct Bodies {
    /// The Moon's mean longitude of perigee.
    let gam: Double
    private let zcosil, zsinil, zcoshl, zsinhl, zcosgl, zsingl: Double

    /// How a body's orbit lies to the satellite's node.
    struct Orientation {
        let zcosg, zsing, zcosi, zsini, zcosh, zsinh, strength: Double
    }

    /// - Parameter day: days since 1900-01-00 12:00.
    init(day: Double) {
        let xnodce = (4.5236020 - 9.2422029e-4 * day).truncatingRemainder(dividingBy: 2 * .pi)
        let (stem, ctem) = (sin(xnodce), cos(xnodce))
        zcosil = 0.91375164 - 0.03568096 * ctem
        zsinil = (1 - zcosil * zcosil).squareRoot()
        zsinhl = 0.089683511 * stem / zsinil
        zcoshl = (1 - zsinhl * zsinhl).squareRoot()
        gam = 5.8351514 + 0.0019443680 * day
        let zx = gam + atan2(0.39785416 * stem / zsinil, zcoshl * ctem + 0.91744867 * zsinhl * stem) - xnodce
        (zcosgl, zsingl) = (cos(zx), sin(zx))
    }

    /// The Sun's, for a satellite whose node has this sine and cosine.
    func sun(_ snodm: Double, _ cnodm: Double) -> Orientation {
        Orientation(
            zcosg: 0.1945905, zsing: -0.98088458, zcosi: 0.91744867, zsini: 0.39785416, zcosh: cnodm, zsinh: snodm,
            strength: 2.9864797e-6)
    }

    /// The Moon's.
    func moon(_ snodm: Double, _ cnodm: Double) -> Orientation {
        Orientation(
            zcosg: zcosgl, zsing: zsingl, zcosi: zcosil, zsini: zsinil, zcosh: zcoshl * cnodm + zsinhl * snodm,
            zsinh: snodm * zcoshl - cnodm * zsinhl, strength: 4.7968065e-7)
    }
}

/// What one body does to one orbit: the terms S and Z of Spacetrack Report #3.
struct BodyTerms {
    let s1, s2, s3, s4, s5, s6, s7: Double
    let z1, z2, z3, z11, z12, z13, z21, z22, z23, z31, z32, z33: Double

    /// The satellite's orbit, as far as it matters.
    struct Orbit {
        let sinim, cosim, sinomm, cosomm, em, emsq, no: Double
    }

    init(_ body: Bodies.Orientation, _ orbit: Orbit) {
        let (zcosg, zsing, zcosi, zsini) = (body.zcosg, body.zsing, body.zcosi, body.zsini)
        let (zcosh, zsinh) = (body.zcosh, body.zsinh)
        let (sinim, cosim, sinomm, cosomm) = (orbit.sinim, orbit.cosim, orbit.sinomm, orbit.cosomm)
        let emsq = orbit.emsq
        let a1 = zcosg * zcosh + zsing * zcosi * zsinh
        let a3 = -zsing * zcosh + zcosg * zcosi * zsinh
        let a7 = -zcosg * zsinh + zsing * zcosi * zcosh
        let a8 = zsing * zsini
        let a9 = zsing * zsinh + zcosg * zcosi * zcosh
        let a10 = zcosg * zsini
        let a2 = cosim * a7 + sinim * a8
        let a4 = cosim * a9 + sinim * a10
        let a5 = -sinim * a7 + cosim * a8
        let a6 = -sinim * a9 + cosim * a10
        let x1 = a1 * cosomm + a2 * sinomm
        let x2 = a3 * cosomm + a4 * sinomm
        let x3 = -a1 * sinomm + a2 * cosomm
        let x4 = -a3 * sinomm + a4 * cosomm
        let (x5, x6, x7, x8) = (a5 * sinomm, a6 * sinomm, a5 * cosomm, a6 * cosomm)
        z31 = 12 * x1 * x1 - 3 * x3 * x3
        z32 = 24 * x1 * x2 - 6 * x3 * x4
        z33 = 12 * x2 * x2 - 3 * x4 * x4
        z11 = -6 * a1 * a5 + emsq * (-24 * x1 * x7 - 6 * x3 * x5)
        z12 =
            -6 * (a1 * a6 + a3 * a5) + emsq * (-24 * (x2 * x7 + x1 * x8) - 6 * (x3 * x6 + x4 * x5))
        z13 = -6 * a3 * a6 + emsq * (-24 * x2 * x8 - 6 * x4 * x6)
        z21 = 6 * a2 * a5 + emsq * (24 * x1 * x5 - 6 * x3 * x7)
        z22 =
            6 * (a4 * a5 + a2 * a6) + emsq * (24 * (x2 * x5 + x1 * x6) - 6 * (x4 * x7 + x3 * x8))
        z23 = 6 * a4 * a6 + emsq * (24 * x2 * x6 - 6 * x4 * x8)
        let betasq = 1 - emsq
        let z1 = 3 * (a1 * a1 + a2 * a2) + z31 * emsq
        let z2 = 6 * (a1 * a3 + a2 * a4) + z32 * emsq
        let z3 = 3 * (a3 * a3 + a4 * a4) + z33 * emsq
        self.z1 = z1 + z1 + betasq * z31
        self.z2 = z2 + z2 + betasq * z32
        self.z3 = z3 + z3 + betasq * z33
        let rtemsq = betasq.squareRoot()
        s3 = body.strength / orbit.no
        s2 = -0.5 * s3 / rtemsq
        s4 = s3 * rtemsq
        s1 = -15 * orbit.em * s4
        s5 = x1 * x3 + x2 * x4
        s6 = x2 * x3 + x1 * x4
        s7 = x2 * x4 - x1 * x3
    }
}

/// How one body makes elements swing with its own revolution.
struct PeriodicTerms: Sendable {
    private let e2, e3, i2, i3, l2, l3, l4, gh2, gh3, gh4, h2, h3: Double

    init(_ body: BodyTerms, emsq: Double, eccentricity: Double) {
        (e2, e3) = (2 * body.s1 * body.s6, 2 * body.s1 * body.s7)
        (i2, i3) = (2 * body.s2 * body.z12, 2 * body.s2 * (body.z13 - body.z11))
        (l2, l3) = (-2 * body.s3 * body.z2, -2 * body.s3 * (body.z3 - body.z1))
        l4 = -2 * body.s3 * (-21 - 9 * emsq) * eccentricity
        (gh2, gh3) = (2 * body.s4 * body.z32, 2 * body.s4 * (body.z33 - body.z31))
        gh4 = -18 * body.s4 * eccentricity
        (h2, h3) = (-2 * body.s2 * body.z22, -2 * body.s2 * (body.z23 - body.z21))
    }

    /// The swing of eccentricity, inclination, longitude, perigee and node when the body's mean anomaly is `zm`.
    func at(_ zm: Double, _ eccentricity: Double) -> (e: Double, i: Double, l: Double, gh: Double, h: Double) {
        let zf = zm + 2 * eccentricity * sin(zm)
        let sinzf = sin(zf)
        let f2 = 0.5 * sinzf * sinzf - 0.25
        let f3 = -0.5 * sinzf * cos(zf)
        return (
            e2 * f2 + e3 * f3, i2 * f2 + i3 * f3, l2 * f2 + l3 * f3 + l4 * sinzf, gh2 * f2 + gh3 * f3 + gh4 * sinzf,
            h2 * f2 + h3 * f3
        )
    }
}
