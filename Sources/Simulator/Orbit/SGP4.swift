internal import Glibc

/// Where a satellite is and how it moves, in the frame TEME (true equator, mean equinox) of its time.
public struct OrbitState: Sendable, Equatable {
    /// Kilometres.
    public var position: SIMD3<Double>
    /// Kilometres a second.
    public var velocity: SIMD3<Double>

    /// A state from its parts.
    public init(position: SIMD3<Double>, velocity: SIMD3<Double>) {
        (self.position, self.velocity) = (position, velocity)
    }
}

/// The SGP4 model of an orbit, deep space included, as published in AIAA 2006-6753 in its improved mode with the constants
/// of WGS 72. Names of variables are those of the paper and of Spacetrack Report #3.
///
///     let orbit = try SGP4(elements)
///     let state = try orbit.state(at: time)
public struct SGP4: Sendable {
    /// The elements that it began with.
    public let elements: MeanElements

    private static let gravity = Gravity.wgs72
    private let isSimple: Bool
    private let deep: DeepSpace?
    /// The mean motion as Brouwer counts it.
    private let no: Double
    private let con41, x1mth2, x7thm1: Double
    private let eta, cc1, cc4, cc5: Double
    private let d2, d3, d4: Double
    private let delmo, sinmao: Double
    private let mdot, argpdot, nodedot: Double
    private let omgcof, xmcof, nodecf: Double
    private let t2cof, t3cof, t4cof, t5cof: Double
    private let xlcof, aycof: Double
    private let cosio, sinio: Double

    /// What is computed once of some elements.
    ///
    /// - Throws: where they are of no orbit.
    public init(_ elements: MeanElements) throws(OrbitError) {
        self.elements = elements
        let (gravity, ecco, inclo) = (Self.gravity, elements.eccentricity, elements.inclination)
        let (argpo, mo, bstar) = (elements.argumentOfPerigee, elements.meanAnomaly, elements.bStar)
        guard ecco >= 0, ecco < 1 else { throw .meanEccentricity }
        guard elements.meanMotion > 0 else { throw .meanMotion }
        let (j2, j4, j3oj2) = (gravity.j2, gravity.j4, gravity.j3ToJ2)

        // From Kozai's mean motion to Brouwer's.
        let eccsq = ecco * ecco
        let omeosq = 1 - eccsq
        let rteosq = omeosq.squareRoot()
        let cosio = cos(inclo)
        let sinio = sin(inclo)
        let cosio2 = cosio * cosio
        let ak = pow(gravity.xke / elements.meanMotion, 2.0 / 3)
        let d1 = 0.75 * j2 * (3 * cosio2 - 1) / (rteosq * omeosq)
        var del = d1 / (ak * ak)
        let adel = ak * (1 - del * del - del * (1.0 / 3 + 134 * del * del / 81))
        del = d1 / (adel * adel)
        let no = elements.meanMotion / (1 + del)
        let ao = pow(gravity.xke / no, 2.0 / 3)
        let po = ao * omeosq
        let con42 = 1 - 5 * cosio2
        let con41 = -con42 - cosio2 - cosio2
        let posq = po * po
        let rp = ao * (1 - ecco)

        // What the atmosphere does depends on how high the perigee is.
        let radius = gravity.radius
        var sfour = 78 / radius + 1
        var qzms24 = Self.fourth((120 - 78) / radius)
        let perige = (rp - 1) * radius
        if perige < 156 {
            sfour = perige < 98 ? 20 : perige - 78
            qzms24 = Self.fourth((120 - sfour) / radius)
            sfour = sfour / radius + 1
        }
        let pinvsq = 1 / posq
        let tsi = 1 / (ao - sfour)
        let eta = ao * ecco * tsi
        let etasq = eta * eta
        let eeta = ecco * eta
        let psisq = abs(1 - etasq)
        let coef = qzms24 * Self.fourth(tsi)
        let coef1 = coef / pow(psisq, 3.5)
        let cc2 =
            coef1 * no
            * (ao * (1 + 1.5 * etasq + eeta * (4 + etasq)) + 0.375 * j2 * tsi / psisq * con41
                * (8 + 3 * etasq * (8 + etasq)))
        let cc1 = bstar * cc2
        let cc3 = ecco > 1e-4 ? -2 * coef * tsi * j3oj2 * no * sinio / ecco : 0
        let x1mth2 = 1 - cosio2
        let second = eta * (2 + 0.5 * etasq) + ecco * (0.5 + 2 * etasq)
        let even = -3 * con41 * (1 - 2 * eeta + etasq * (1.5 - 0.5 * eeta))
        let odd = 0.75 * x1mth2 * (2 * etasq - eeta * (1 + etasq)) * cos(2 * argpo)
        let cc4 = 2 * no * coef1 * ao * omeosq * (second - j2 * tsi / (ao * psisq) * (even + odd))
        let cc5 = 2 * coef1 * ao * omeosq * (1 + 2.75 * (etasq + eeta) + eeta * etasq)

        // What the flattened Earth does to the angles.
        let cosio4 = cosio2 * cosio2
        let temp1 = 1.5 * j2 * pinvsq * no
        let temp2 = 0.5 * temp1 * j2 * pinvsq
        let temp3 = -0.46875 * j4 * pinvsq * pinvsq * no
        let mdot =
            no + 0.5 * temp1 * rteosq * con41 + 0.0625 * temp2 * rteosq * (13 - 78 * cosio2 + 137 * cosio4)
        let argpdot =
            -0.5 * temp1 * con42 + 0.0625 * temp2 * (7 - 114 * cosio2 + 395 * cosio4)
            + temp3 * (3 - 36 * cosio2 + 49 * cosio4)
        let xhdot1 = -temp1 * cosio
        let nodedot =
            xhdot1 + (0.5 * temp2 * (4 - 19 * cosio2) + 2 * temp3 * (3 - 7 * cosio2)) * cosio
        (self.no, self.con41, self.x1mth2, x7thm1) = (no, con41, x1mth2, 7 * cosio2 - 1)
        (self.eta, self.cc1, self.cc4, self.cc5) = (eta, cc1, cc4, cc5)
        (self.mdot, self.argpdot, self.nodedot) = (mdot, argpdot, nodedot)
        omgcof = bstar * cc3 * cos(argpo)
        xmcof = ecco > 1e-4 ? -2.0 / 3 * coef * bstar / eeta : 0
        nodecf = 3.5 * omeosq * xhdot1 * cc1
        t2cof = 1.5 * cc1
        (self.cosio, self.sinio) = (cosio, sinio)
        (xlcof, aycof) = Self.longPeriod(sinio, cosio)
        let delmotemp = 1 + eta * cos(mo)
        (delmo, sinmao) = (delmotemp * delmotemp * delmotemp, sin(mo))

        // A revolution of 225 minutes and more is the Moon's and the Sun's, too.
        let isDeep = 2 * Double.pi / no >= 225
        deep =
            isDeep
            ? DeepSpace(
                elements, no: no, eccsq: eccsq, argpdot: argpdot, mdot: mdot, nodedot: nodedot,
                xpidot: argpdot + nodedot, xke: gravity.xke) : nil
        isSimple = isDeep || rp < 220 / radius + 1
        guard !isSimple else {
            (d2, d3, d4, t3cof, t4cof, t5cof) = (0, 0, 0, 0, 0, 0)
            _ = try state(minutes: 0)
            return
        }
        let cc1sq = cc1 * cc1
        let d2 = 4 * ao * tsi * cc1sq
        let temp = d2 * tsi * cc1 / 3
        let d3 = (17 * ao + sfour) * temp
        let d4 = 0.5 * temp * ao * tsi * (221 * ao + 31 * sfour) * cc1
        (self.d2, self.d3, self.d4) = (d2, d3, d4)
        t3cof = d2 + 2 * cc1sq
        t4cof = 0.25 * (3 * d3 + cc1 * (12 * d2 + 10 * cc1sq))
        t5cof = 0.2 * (3 * d4 + 12 * cc1 * d3 + 6 * d2 * d2 + 15 * cc1sq * (2 * d2 + cc1sq))
        _ = try state(minutes: 0)
    }

    private static func fourth(_ x: Double) -> Double { (x * x) * (x * x) }

    /// The terms of long period that J3 has: of the longitude, and of the eccentricity vector.
    private static func longPeriod(_ sini: Double, _ cosi: Double) -> (xlcof: Double, aycof: Double) {
        let j3oj2 = gravity.j3ToJ2
        // An inclination of 180 degrees would divide by zero.
        let divisor = abs(cosi + 1) > 1.5e-12 ? 1 + cosi : 1.5e-12
        return (-0.25 * j3oj2 * sini * (3 + 5 * cosi) / divisor, -0.5 * j3oj2 * sini)
    }

    /// The state at a time in nanoseconds since 1970-01-01, UTC.
    public func state(at time: Int64) throws(OrbitError) -> OrbitState {
        try state(minutes: Double(time &- elements.epoch) / 60e9)
    }

    /// The state so many minutes after the elements' epoch.
    public func state(minutes t: Double) throws(OrbitError) -> OrbitState {
        let gravity = Self.gravity
        // What time does to the mean elements.
        let xmdf = elements.meanAnomaly + mdot * t
        let argpdf = elements.argumentOfPerigee + argpdot * t
        let t2 = t * t
        var mean = DeepSpace.Mean(
            em: elements.eccentricity, inclm: elements.inclination,
            nodem: elements.ascendingNode + nodedot * t + nodecf * t2,
            argpm: argpdf, mm: xmdf, nm: no)
        var tempa = 1 - cc1 * t
        var tempe = elements.bStar * cc4 * t
        var templ = t2cof * t2
        if !isSimple {
            let delmtemp = 1 + eta * cos(xmdf)
            let temp = omgcof * t + xmcof * (delmtemp * delmtemp * delmtemp - delmo)
            mean.mm += temp
            mean.argpm -= temp
            let t3 = t2 * t
            let t4 = t3 * t
            tempa = tempa - d2 * t2 - d3 * t3 - d4 * t4
            tempe += elements.bStar * cc5 * (sin(mean.mm) - sinmao)
            templ = templ + t3cof * t3 + t4 * (t4cof + t * t5cof)
        }
        deep?.advance(&mean, t)
        guard mean.nm > 0 else { throw .meanMotion }
        let am = pow(gravity.xke / mean.nm, 2.0 / 3) * tempa * tempa
        let nm = gravity.xke / (am * am.squareRoot())
        let em = mean.em - tempe
        guard em < 1, em >= -0.001 else { throw .meanEccentricity }
        mean.em = max(em, 1e-6)
        mean.mm += no * templ
        let xlm = (mean.mm + mean.argpm + mean.nodem).truncatingRemainder(dividingBy: 2 * .pi)
        mean.nodem = mean.nodem.truncatingRemainder(dividingBy: 2 * .pi)
        mean.argpm = mean.argpm.truncatingRemainder(dividingBy: 2 * .pi)
        mean.mm = (xlm - mean.argpm - mean.nodem).truncatingRemainder(dividingBy: 2 * .pi)

        guard let deep else {
            let shape = Shape(
                sinip: sinio, cosip: cosio, xlcof: xlcof, aycof: aycof, con41: con41, x1mth2: x1mth2, x7thm1: x7thm1)
            return try Self.place(mean, shape, am: am, nm: nm)
        }
        deep.perturb(&mean, t)
        if mean.inclm < 0 {
            mean.inclm = -mean.inclm
            mean.nodem += .pi
            mean.argpm -= .pi
        }
        guard mean.em >= 0, mean.em <= 1 else { throw .perturbedEccentricity }
        let (sinip, cosip) = (sin(mean.inclm), cos(mean.inclm))
        let (xlcof, aycof) = Self.longPeriod(sinip, cosip)
        let cosisq = cosip * cosip
        let shape = Shape(
            sinip: sinip, cosip: cosip, xlcof: xlcof, aycof: aycof, con41: 3 * cosisq - 1, x1mth2: 1 - cosisq,
            x7thm1: 7 * cosisq - 1)
        return try Self.place(mean, shape, am: am, nm: nm)
    }

    /// What depends on the inclination alone.
    private struct Shape {
        let sinip, cosip, xlcof, aycof, con41, x1mth2, x7thm1: Double
    }

    /// The place of a satellite by its mean elements: long and short periods, and Kepler's equation.
    private static func place(
        _ mean: DeepSpace.Mean, _ shape: Shape, am: Double, nm: Double
    ) throws(OrbitError) -> OrbitState {
        let (ep, argpp, nodep) = (mean.em, mean.argpm, mean.nodem)
        let axnl = ep * cos(argpp)
        let aynl = ep * sin(argpp) + shape.aycof / (am * (1 - ep * ep))
        let xl = mean.mm + argpp + nodep + shape.xlcof * axnl / (am * (1 - ep * ep))

        let u = (xl - nodep).truncatingRemainder(dividingBy: 2 * .pi)
        var eo1 = u
        var (sineo1, coseo1) = (0.0, 1.0)
        var step = 9999.9
        var rounds = 1
        while abs(step) >= 1e-12, rounds <= 10 {
            (sineo1, coseo1) = (sin(eo1), cos(eo1))
            step = (u - aynl * coseo1 + axnl * sineo1 - eo1) / (1 - coseo1 * axnl - sineo1 * aynl)
            step = min(max(step, -0.95), 0.95)
            eo1 += step
            rounds += 1
        }

        let ecose = axnl * coseo1 + aynl * sineo1
        let esine = axnl * sineo1 - aynl * coseo1
        let el2 = axnl * axnl + aynl * aynl
        let pl = am * (1 - el2)
        guard pl >= 0 else { throw .semiLatusRectum }
        let rl = am * (1 - ecose)
        let rdotl = am.squareRoot() * esine / rl
        let rvdotl = pl.squareRoot() / rl
        let betal = (1 - el2).squareRoot()
        let temp = esine / (1 + betal)
        let sinu = am / rl * (sineo1 - aynl - axnl * temp)
        let cosu = am / rl * (coseo1 - axnl + aynl * temp)
        let sin2u = (cosu + cosu) * sinu
        let cos2u = 1 - 2 * sinu * sinu
        let temp1 = 0.5 * gravity.j2 / pl
        let temp2 = temp1 / pl

        let mrt = rl * (1 - 1.5 * temp2 * betal * shape.con41) + 0.5 * temp1 * shape.x1mth2 * cos2u
        let su = atan2(sinu, cosu) - 0.25 * temp2 * shape.x7thm1 * sin2u
        let xnode = nodep + 1.5 * temp2 * shape.cosip * sin2u
        let xinc = mean.inclm + 1.5 * temp2 * shape.cosip * shape.sinip * cos2u
        let mvt = rdotl - nm * temp1 * shape.x1mth2 * sin2u / gravity.xke
        let rvdot = rvdotl + nm * temp1 * (shape.x1mth2 * cos2u + 1.5 * shape.con41) / gravity.xke
        guard mrt >= 1 else { throw .decayed }

        let (sinsu, cossu) = (sin(su), cos(su))
        let (snod, cnod) = (sin(xnode), cos(xnode))
        let (sini, cosi) = (sin(xinc), cos(xinc))
        let (xmx, xmy) = (-snod * cosi, cnod * cosi)
        let radial = SIMD3(xmx * sinsu + cnod * cossu, xmy * sinsu + snod * cossu, sini * sinsu)
        let along = SIMD3(xmx * cossu - cnod * sinsu, xmy * cossu - snod * sinsu, sini * cossu)
        return OrbitState(
            position: radial * (mrt * gravity.radius), velocity: (radial * mvt + along * rvdot) * gravity.speed)
    }
}
