/// Containers and their entries.
extension Loader {
    func build(container index: Int) {
        let (element, system) = containerElements[index]
        let name = element["name"] ?? ""
        defects = []
        var container = ContainerModel(
            name: name, qualifiedName: model.systems[system].qualified(name),
            description: element["shortDescription"] ?? "", system: system,
            isAbstract: truth(element, "abstract", default: false), position: element.position)
        for child in element.all() {
            switch child.name {
            case "EntryList": container.entries += child.all().compactMap { entry($0, system: system) }
            case "BaseContainer": extend(&container, child, system: system)
            case "BinaryEncoding":
                let size = child.child("SizeInBits")
                if let fixed = size?.child("FixedValue") {
                    container.fixedSize = bits(fixed.trimmed, "SizeInBits", fixed.position)
                } else {
                    child.touchAll()
                    fail(
                        child.position, "BinaryEncoding of a container is supported with SizeInBits/FixedValue: use it")
                }
            case "LongDescription", "AliasSet", "AncillaryDataSet", "DefaultRateInStream", "RateInStreamSet":
                child.touchAll()
            default: unknown(child, in: element)
            }
        }
        container.defects = defects
        model.containers.append(container)
    }

    private func extend(_ container: inout ContainerModel, _ element: Element, system: Int) {
        guard let reference = element["containerRef"] else {
            reporter.error(element.position, "BaseContainer has no containerRef: add the attribute")
            return
        }
        container.base = resolve(reference, from: system, \.containers, "container", element.position)
        for child in element.all() {
            guard child.name == "RestrictionCriteria" else {
                unknown(child, in: element)
                continue
            }
            container.criteria = condition(in: child, system: system)
            if container.criteria == nil, defects.isEmpty, !reporter.hasErrors {
                fail(child.position, "RestrictionCriteria is empty: add a Comparison, or remove the element")
            }
        }
    }

    private func entry(_ element: Element, system: Int) -> EntryModel? {
        let content: EntryModel.Content
        switch element.name {
        case "ParameterRefEntry":
            guard let name = element["parameterRef"] else {
                fail(element.position, "ParameterRefEntry has no parameterRef: add the attribute")
                return nil
            }
            guard let index = resolve(name, from: system, \.parameters, "parameter", element.position) else {
                return nil
            }
            content = .parameter(index)
        case "ContainerRefEntry":
            guard let name = element["containerRef"] else {
                fail(element.position, "ContainerRefEntry has no containerRef: add the attribute")
                return nil
            }
            guard let index = resolve(name, from: system, \.containers, "container", element.position) else {
                return nil
            }
            content = .container(index)
        default:
            element.touchAll()
            fail(
                element.position,
                "\(element.name) is not supported yet; ParameterRefEntry and ContainerRefEntry are: what follows it "
                    + "would be read from a wrong place")
            return nil
        }
        var entry = EntryModel(content: content, position: element.position)
        for child in element.all() {
            switch child.name {
            case "LocationInContainerInBits": locate(&entry, child)
            case "IncludeCondition": entry.condition = condition(in: child, system: system)
            case "RepeatEntry":
                child.touchAll()
                fail(
                    child.position,
                    "RepeatEntry is not supported yet: what follows it would be read from a wrong place; write the "
                        + "entries out")
            case "LongDescription", "AncillaryDataSet", "TimeAssociation": child.touchAll()
            default: unknown(child, in: element)
            }
        }
        return entry
    }

    private func locate(_ entry: inout EntryModel, _ element: Element) {
        entry.reference = choice(
            element, "referenceLocation", [("previousEntry", .previousEntry), ("containerStart", .containerStart)],
            default: .previousEntry)
        guard let fixed = element.child("FixedValue") else {
            element.touchAll()
            fail(
                element.position,
                "LocationInContainerInBits without FixedValue is not supported yet: give a fixed value")
            return
        }
        guard let offset = Self.integer(fixed.text), offset.magnitude <= UInt128(Self.largestBits) else {
            fail(
                fixed.position,
                "the location is \"\(fixed.trimmed)\", -\(Self.largestBits) to \(Self.largestBits) bits are allowed: "
                    + "correct it")
            return
        }
        entry.offset = Int(offset)
    }

    /// Containers that extend or include themselves cannot be read.
    func breakCycles() {
        // The base of each container, and what each includes: a walk that comes back to where it is finds a cycle.
        var states = [BuildState](repeating: .untouched, count: model.containers.count)
        for start in model.containers.indices where states[start] == .untouched {
            var stack: [(container: Int, next: [Int])] = [(start, needs(start))]
            states[start] = .building
            while let top = stack.last {
                guard let next = top.next.last else {
                    states[top.container] = .built
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next.removeLast()
                switch states[next] {
                case .built: break
                case .untouched:
                    states[next] = .building
                    stack.append((next, needs(next)))
                case .building:
                    let from = stack.firstIndex { $0.container == next } ?? 0
                    let names = (stack[from...].map(\.container) + [next]).map { model.containers[$0].name }
                    reporter.error(
                        model.containers[next].position,
                        "container \"\(model.containers[next].name)\" extends or includes itself "
                            + "(\(names.joined(separator: " → "))): break the circle")
                }
            }
        }
    }

    private func needs(_ index: Int) -> [Int] {
        let container = model.containers[index]
        return (container.base.map { [$0] } ?? [])
            + container.entries.compactMap {
                if case .container(let included) = $0.content { included } else { nil }
            }
    }
}
