internal import Glibc

/// What the Moon, the Sun and resonances with the Earth's shape do to orbits of 225 minutes and more (AIAA 2006-6753,
/// appendix B: DSCOM, DPPER, DSINIT and DSPACE, in the improved mode).
struct DeepSpace: Sendable {
    /// Mean elements on their way: eccentricity, inclination, node, argument of perigee, mean anomaly, mean motion.
    struct Mean {
        var em, inclm, nodem, argpm, mm, nm: Double
    }

    /// Radians that the Earth turns a minute.
    private static let rptim = 4.375_269_088_011_299_66e-3
    /// Mean motions of the Sun and the Moon, in radians a minute, and their eccentricities.
    private static let zns = 1.19459e-5, zes = 0.01675, znl = 1.5835218e-4, zel = 0.05490

    /// Which resonance there is.
    private enum Resonance { case none, day, halfDay }

    private let elements: MeanElements
    private let no, argpdot: Double
    /// Where the Earth's prime meridian stood at the epoch.
    private let gsto: Double
    private let sun, moon: PeriodicTerms
    private let zmos, zmol: Double
    private let dedt, didt, dmdt, domdt, dnodt: Double
    private let resonance: Resonance
    private let halfDay: HalfDayResonance
    private let del1, del2, del3: Double
    private let xlamo, xfact: Double
    private let steps = ResonanceSteps()

    init(
        _ elements: MeanElements, no: Double, eccsq: Double, argpdot: Double, mdot: Double, nodedot: Double,
        xpidot: Double,
        xke: Double
    ) {
        self.elements = elements
        (self.no, self.argpdot) = (no, argpdot)
        let (em, inclm) = (elements.eccentricity, elements.inclination)
        let (sinim, cosim) = (sin(inclm), cos(inclm))
        let emsq = em * em
        // A Julian date in one number is good to 20 us. The paper has no more, and an orbit with a perigee at the edge of the
        // atmosphere and an apogee beyond the Moon's shows it.
        let julian = Double(elements.epoch) / 86_400e9 + 2_440_587.5
        gsto = EarthRotation.siderealTime(daysSince2000: julian - 2_451_545)
        // The paper counts days from 1950, and these terms from 1900.
        let day = julian - 2_433_281.5 + 18261.5
        let bodies = Bodies(day: day)
        let turned = BodyTerms.Orbit(
            sinim: sinim, cosim: cosim, sinomm: sin(elements.argumentOfPerigee),
            cosomm: cos(elements.argumentOfPerigee),
            em: em, emsq: emsq, no: no)
        let (snodm, cnodm) = (sin(elements.ascendingNode), cos(elements.ascendingNode))
        let s = BodyTerms(bodies.sun(snodm, cnodm), turned)
        let m = BodyTerms(bodies.moon(snodm, cnodm), turned)
        sun = PeriodicTerms(s, emsq: emsq, eccentricity: Self.zes)
        moon = PeriodicTerms(m, emsq: emsq, eccentricity: Self.zel)
        zmol = (4.7199672 + 0.22997150 * day - bodies.gam).truncatingRemainder(dividingBy: 2 * .pi)
        zmos = (6.2565837 + 0.017201977 * day).truncatingRemainder(dividingBy: 2 * .pi)

        // What grows with time.
        let isFlat = inclm < 5.2359877e-2 || inclm > .pi - 5.2359877e-2
        let (zns, znl) = (Self.zns, Self.znl)
        var shs = isFlat ? 0 : -zns * s.s2 * (s.z21 + s.z23)
        if sinim != 0 { shs /= sinim }
        let sgs = s.s4 * zns * (s.z31 + s.z33 - 6) - cosim * shs
        dedt = s.s1 * zns * s.s5 + m.s1 * znl * m.s5
        didt = s.s2 * zns * (s.z11 + s.z13) + m.s2 * znl * (m.z11 + m.z13)
        let dmdt =
            -zns * s.s3 * (s.z1 + s.z3 - 14 - 6 * emsq) - znl * m.s3 * (m.z1 + m.z3 - 14 - 6 * emsq)
        let shll = isFlat ? 0 : -znl * m.s2 * (m.z21 + m.z23)
        var (domdt, dnodt) = (sgs + m.s4 * znl * (m.z31 + m.z33 - 6), shs)
        if sinim != 0 {
            domdt -= cosim / sinim * shll
            dnodt += shll / sinim
        }
        (self.dmdt, self.domdt, self.dnodt) = (dmdt, domdt, dnodt)

        let theta = gsto.truncatingRemainder(dividingBy: 2 * .pi)
        let aonv = pow(no / xke, 2.0 / 3)
        let (mo, nodeo) = (elements.meanAnomaly, elements.ascendingNode)
        if no > 0.0034906585, no < 0.0052359877 {
            resonance = .day
            let g200 = 1 + emsq * (-2.5 + 0.8125 * emsq)
            let g310 = 1 + 2 * emsq
            let g300 = 1 + emsq * (-6 + 6.60937 * emsq)
            let f220 = 0.75 * (1 + cosim) * (1 + cosim)
            let f311 = 0.9375 * sinim * sinim * (1 + 3 * cosim) - 0.75 * (1 + cosim)
            let f330 = 1.875 * (1 + cosim) * (1 + cosim) * (1 + cosim)
            let common = 3 * no * no * aonv * aonv
            del1 = common * f311 * g310 * 2.1460748e-6 * aonv
            del2 = 2 * common * f220 * g200 * 1.7891679e-6
            del3 = 3 * common * f330 * g300 * 2.2123015e-7 * aonv
            xlamo = (mo + nodeo + elements.argumentOfPerigee - theta).truncatingRemainder(dividingBy: 2 * .pi)
            xfact = mdot + xpidot - Self.rptim + dmdt + domdt + dnodt - no
            halfDay = HalfDayResonance()
        } else if no >= 8.26e-3, no <= 9.24e-3, em >= 0.5 {
            resonance = .halfDay
            halfDay = HalfDayResonance(em: em, emsq: eccsq, sinim: sinim, cosim: cosim, no: no, aonv: aonv)
            xlamo = (mo + nodeo + nodeo - theta - theta).truncatingRemainder(dividingBy: 2 * .pi)
            xfact = mdot + dmdt + 2 * (nodedot + dnodt - Self.rptim) - no
            (del1, del2, del3) = (0, 0, 0)
        } else {
            resonance = .none
            halfDay = HalfDayResonance()
            (del1, del2, del3, xlamo, xfact) = (0, 0, 0, 0, 0)
        }
    }

    /// Secular terms, and the resonance integrated from the epoch on (DSPACE).
    func advance(_ mean: inout Mean, _ t: Double) {
        mean.em += dedt * t
        mean.inclm += didt * t
        mean.argpm += domdt * t
        mean.nodem += dnodt * t
        mean.mm += dmdt * t
        guard resonance != .none else { return }
        let theta = (gsto + t * Self.rptim).truncatingRemainder(dividingBy: 2 * .pi)
        let (atime, xli, xni) = integrated(to: t)
        let rates = rates(xli, xni, atime)
        let ft = t - atime
        mean.nm = xni + rates.xndt * ft + rates.xnddt * ft * ft * 0.5
        let xl = xli + rates.xldot * ft + rates.xndt * ft * ft * 0.5
        mean.mm =
            resonance == .day
            ? xl - mean.nodem - mean.argpm + theta : xl - 2 * mean.nodem + 2 * theta
    }

    /// The resonance's angle and motion at the last whole step up to a time, in minutes since the epoch.
    private func integrated(to t: Double) -> (atime: Double, xli: Double, xni: Double) {
        let step = 720.0
        let delta = t > 0 ? step : -step
        var count = Int(abs(t) / step)
        if abs(t) - Double(count) * step >= step { count += 1 }
        let point = steps.point(count, isBehind: t > 0, from: ResonanceSteps.Point(xli: xlamo, xni: no)) {
            point, number in
            let rates = rates(point.xli, point.xni, Double(number) * delta)
            return ResonanceSteps.Point(
                xli: point.xli + rates.xldot * delta + rates.xndt * (step * step / 2),
                xni: point.xni + rates.xndt * delta + rates.xnddt * (step * step / 2))
        }
        return (Double(count) * delta, point.xli, point.xni)
    }

    /// How fast the resonance's angle and motion change.
    private func rates(_ xli: Double, _ xni: Double, _ atime: Double) -> (xndt: Double, xldot: Double, xnddt: Double) {
        let xldot = xni + xfact
        if resonance == .halfDay {
            let (xndt, xnddt) = halfDay.rates(xli, xomi: elements.argumentOfPerigee + argpdot * atime)
            return (xndt, xldot, xnddt * xldot)
        }
        let (a, b, c) = (xli - 0.13130908, 2 * (xli - 2.8843198), 3 * (xli - 0.37448087))
        let xndt = del1 * sin(a) + del2 * sin(b) + del3 * sin(c)
        let xnddt = (del1 * cos(a) + 2 * del2 * cos(b) + 3 * del3 * cos(c)) * xldot
        return (xndt, xldot, xnddt)
    }

    /// Adds the periodic terms of the Moon and the Sun (DPPER).
    func perturb(_ mean: inout Mean, _ t: Double) {
        let s = sun.at(zmos + Self.zns * t, Self.zes)
        let m = moon.at(zmol + Self.znl * t, Self.zel)
        let (pe, pinc, pl) = (s.e + m.e, s.i + m.i, s.l + m.l)
        var (pgh, ph) = (s.gh + m.gh, s.h + m.h)
        mean.inclm += pinc
        mean.em += pe
        let (sinip, cosip) = (sin(mean.inclm), cos(mean.inclm))
        if mean.inclm >= 0.2 {
            ph /= sinip
            pgh -= cosip * ph
            mean.argpm += pgh
            mean.nodem += ph
            mean.mm += pl
            return
        }
        // Lyddane's way, for inclinations that would be divided by.
        let (sinop, cosop) = (sin(mean.nodem), cos(mean.nodem))
        let alfdp = sinip * sinop + ph * cosop + pinc * cosip * sinop
        let betdp = sinip * cosop - ph * sinop + pinc * cosip * cosop
        mean.nodem = mean.nodem.truncatingRemainder(dividingBy: 2 * .pi)
        let xls = mean.mm + mean.argpm + cosip * mean.nodem + pl + pgh - pinc * mean.nodem * sinip
        let before = mean.nodem
        mean.nodem = atan2(alfdp, betdp)
        if abs(before - mean.nodem) > .pi { mean.nodem += mean.nodem < before ? 2 * .pi : -2 * .pi }
        mean.mm += pl
        mean.argpm = xls - mean.mm - cosip * mean.nodem
    }
}
