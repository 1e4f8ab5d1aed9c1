/// Calibrators and the contexts in which they apply.
extension Loader {
    /// Exponents beyond that are a mistake: 2 to that power is the end of the double.
    static let largestExponent = 1_023

    func calibrate(_ type: inout TypeModel, _ element: Element, system: Int) {
        for child in element.all() {
            switch child.name {
            case "DefaultCalibrator": type.calibration.standard = calibrator(in: child)
            case "ContextCalibratorList":
                type.calibration.contexts = []
                for context in child.all() {
                    guard let match = context.child("ContextMatch"), let holder = context.child("Calibrator") else {
                        fail(context.position, "\(context.name) needs a ContextMatch and a Calibrator: add them")
                        continue
                    }
                    guard let condition = condition(in: match, system: system) else {
                        if defects.isEmpty { fail(match.position, "ContextMatch is empty: add a Comparison") }
                        continue
                    }
                    if let calibrator = calibrator(in: holder) {
                        type.calibration.contexts.append((condition, calibrator))
                    }
                }
            case "ByteOrderList", "ErrorDetectCorrect": break
            default: unknown(child, in: element)
            }
        }
    }

    private func calibrator(in holder: Element) -> Calibrator? {
        var found: Calibrator?
        for child in holder.all() {
            switch child.name {
            case "PolynomialCalibrator": found = polynomial(child)
            case "SplineCalibrator": found = spline(child)
            case "LongDescription", "AliasSet", "AncillaryDataSet": child.touchAll()
            default:
                child.touchAll()
                fail(
                    child.position,
                    "\(child.name) is not supported yet, PolynomialCalibrator and SplineCalibrator are: use one of them"
                )
            }
        }
        if found == nil, defects.isEmpty {
            fail(holder.position, "\(holder.name) is empty: add a PolynomialCalibrator")
        }
        return found
    }

    private func polynomial(_ element: Element) -> Calibrator? {
        var terms: [Calibrator.Term] = []
        for term in element.all() {
            guard term.name == "Term" else {
                unknown(term, in: element)
                continue
            }
            guard let coefficient = number(term, "coefficient"), let exponent = number(term, "exponent") else {
                continue
            }
            guard let whole = Int(exactly: exponent), whole.magnitude <= Self.largestExponent.magnitude else {
                fail(
                    term.position,
                    "exponent is \(exponent), whole numbers up to \(Self.largestExponent) are supported: correct it")
                continue
            }
            terms.append(Calibrator.Term(coefficient: coefficient, exponent: whole))
        }
        guard !terms.isEmpty else {
            fail(element.position, "PolynomialCalibrator has no Term: add one")
            return nil
        }
        if terms.allSatisfy({ $0.exponent == 0 || $0.exponent == 1 }) {
            func sum(_ exponent: Int) -> Double {
                terms.filter { $0.exponent == exponent }.reduce(0) { $0 + $1.coefficient }
            }
            return .linear(slope: sum(1), intercept: sum(0))
        }
        return .polynomial(Calibrator.Polynomial(terms: terms))
    }

    private func spline(_ element: Element) -> Calibrator? {
        // The schema's default is 1; space_packet_parser takes 0.
        let order = splineOrder(element, default: 1)
        let extrapolates = truth(element, "extrapolate", default: false)
        var points: [(raw: Double, calibrated: Double, order: UInt8)] = []
        for point in element.all() {
            guard point.name == "SplinePoint" else {
                unknown(point, in: element)
                continue
            }
            guard let raw = number(point, "raw"), let calibrated = number(point, "calibrated") else { continue }
            points.append((raw, calibrated, splineOrder(point, default: order)))
        }
        points.sort { $0.raw < $1.raw }
        for (before, after) in zip(points, points.dropFirst()) where !(before.raw < after.raw) {
            fail(
                element.position,
                "two points of a spline have the raw value \(after.raw), each may stand once: remove one")
            return nil
        }
        guard points.allSatisfy({ $0.raw.isFinite }), !points.isEmpty else {
            fail(element.position, "SplineCalibrator has no usable SplinePoint: add points with finite raw values")
            return nil
        }
        return .spline(
            Calibrator.Spline(
                raw: points.map(\.raw), calibrated: points.map(\.calibrated), orders: points.map(\.order),
                extrapolates: extrapolates))
    }

    private func splineOrder(_ element: Element, default standard: UInt8) -> UInt8 {
        guard let order = number(element, "order", default: Double(standard)) else { return standard }
        if order == 0 { return 0 }
        if order == 1 { return 1 }
        fail(element.position, "order of \(element.name) is \(order), 0 and 1 are supported: use one of them")
        return standard
    }
}
