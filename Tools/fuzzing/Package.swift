// swift-tools-version: 6.2
import PackageDescription

/// The entry points that are fuzzed, with the libraries each one calls: a folder of the same name holds `Target.swift`.
/// A new one is a line here and such a folder.
let entryPoints: [(name: String, libraries: [String])] = [
    ("bytes", ["Bytes"]),
    ("capture", ["Bytes", "Capture"]),
    ("transport", ["Bytes", "Capture", "Transport"]),
    ("frames", ["Bytes", "CCSDS", "Transport"]),
    ("packets", ["Bytes", "CCSDS", "Transport"]),
    ("xtce", ["Bytes", "CCSDS", "Mission", "Transport"]),
    ("whole", ["Bytes", "Capture", "Mission", "Pipeline"]),
]

let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "starlane", path: "../..")],
    targets: [
        .target(name: "CFuzzer", path: "CFuzzer"),
        .target(name: "Driver", dependencies: ["CFuzzer"], path: "Driver"),
    ]
        + entryPoints.map { entry in
            .executableTarget(
                name: "fuzz-\(entry.name)",
                dependencies: ["Driver"] + entry.libraries.map { .product(name: $0, package: "starlane") },
                path: entry.name)
        }
)
