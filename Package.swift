// swift-tools-version: 6.2
import PackageDescription

/// One list for every target of ours.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // Spans that are returned from functions and kept in ~Escapable structs.
    .enableExperimentalFeature("Lifetimes"),
    // Each place that leaves the safe language says so with `unsafe`.
    .strictMemorySafety(),
    // A file imports what it uses itself.
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "starlane",
    products: [
        .executable(name: "starlane", targets: ["starlane"]),
        .library(name: "Bytes", targets: ["Bytes"]),
        .library(name: "Records", targets: ["Records"]),
        .library(name: "Capture", targets: ["Capture"]),
        .library(name: "Faults", targets: ["Faults"]),
        .library(name: "Settings", targets: ["Settings"]),
        .library(name: "Transport", targets: ["Transport"]),
        .library(name: "CCSDS", targets: ["CCSDS"]),
        .library(name: "BeiDou", targets: ["BeiDou"]),
        .library(name: "Links", targets: ["Links"]),
        .library(name: "Mission", targets: ["Mission"]),
        .library(name: "Query", targets: ["Query"]),
        .library(name: "Plot", targets: ["Plot"]),
        .library(name: "Pipeline", targets: ["Pipeline"]),
        .library(name: "Simulator", targets: ["Simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(name: "CSystem"),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

        .target(name: "Bytes", dependencies: ["CSystem"], swiftSettings: settings),
        .target(name: "Records", dependencies: ["Bytes"], swiftSettings: settings),
        .target(name: "Capture", dependencies: ["Bytes", "CDeflate", "CPcap", "CZlib"], swiftSettings: settings),
        .target(name: "Faults", dependencies: ["Bytes", "Capture"], swiftSettings: settings),
        .target(name: "Transport", dependencies: ["Bytes", "Records", "Capture"], swiftSettings: settings),
        .target(name: "CCSDS", dependencies: ["Bytes", "Transport", "Records"], swiftSettings: settings),
        .target(
            name: "Settings", dependencies: ["Records", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(
            name: "BeiDou", dependencies: ["Bytes", "Transport", "Records", "Settings"], swiftSettings: settings),
        .target(name: "Links", dependencies: ["Bytes", "CSystem", "CPcap", "Capture"], swiftSettings: settings),
        .target(name: "Mission", dependencies: ["Bytes", "CCSDS", "Records"], swiftSettings: settings),
        .target(name: "Query", dependencies: ["Bytes", "Records", "CPCRE2"], swiftSettings: settings),
        .target(name: "Plot", dependencies: ["Bytes", "Records", "CZlib"], swiftSettings: settings),
        .target(
            name: "Pipeline",
            dependencies: [
                "Bytes", "Capture", "Faults", "Transport", "Records", "CCSDS", "BeiDou", "Links", "Mission", "Query",
                "Settings", "Plot", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "Simulator",
            dependencies: [
                "BeiDou", "Bytes", "Capture", "CCSDS", "Faults", "Mission", "Query", "Records", "Settings", "Transport",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "starlane",
            dependencies: [
                "Bytes", "Capture", "Faults", "Transport", "Records", "CCSDS", "BeiDou", "Links", "Mission", "Query",
                "Settings", "Plot", "Pipeline", "Simulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // What Tools/bench measures that no command does by itself.
        .executableTarget(
            name: "bench-orbits", dependencies: ["Simulator"], path: "Tools/bench-orbits", swiftSettings: settings),

        .target(name: "Support", dependencies: [], path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "BytesTests", dependencies: ["Bytes", "Support"], swiftSettings: settings),
        .testTarget(name: "CaptureTests", dependencies: ["Capture", "CPcap", "Support"], swiftSettings: settings),
        .testTarget(
            name: "FaultsTests", dependencies: ["Faults", "Bytes", "Capture", "Support"], swiftSettings: settings),
        .testTarget(
            name: "TransportTests", dependencies: ["Transport", "Capture", "CPcap", "Support"],
            swiftSettings: settings),
        .testTarget(name: "CCSDSTests", dependencies: ["CCSDS", "Records", "Support"], swiftSettings: settings),
        .testTarget(
            name: "BeiDouTests", dependencies: ["BeiDou", "Bytes", "Records", "Transport", "Support"],
            exclude: ["oracle"], swiftSettings: settings),
        .testTarget(
            name: "LinksTests", dependencies: ["Links", "Bytes", "Capture", "Transport", "Support"],
            swiftSettings: settings),
        .testTarget(name: "MissionTests", dependencies: ["Mission", "Records", "Support"], swiftSettings: settings),
        .testTarget(
            name: "QueryTests", dependencies: ["Bytes", "Records", "BeiDou", "Mission", "Query", "Support"],
            swiftSettings: settings),
        .testTarget(name: "PlotTests", dependencies: ["Plot", "Records", "Bytes", "Support"], swiftSettings: settings),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Bytes", "Capture", "Transport", "Records", "CCSDS", "BeiDou", "Mission", "Query", "Plot", "Pipeline",
                "Support",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SimulatorTests", dependencies: ["BeiDou", "Bytes", "Capture", "Simulator", "Settings", "Support"],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests", dependencies: ["Support"],
            exclude: [
                "peers", "corrupt.py", "ending.py", "live.py", "mutations.py", "feeding.py", "pipelines.py",
                "replay.py",
                "simulated.py", "steering.py", "slices.py", "streams.py", "survival.py", "waiting.py",
            ],
            swiftSettings: settings),
    ]
)
