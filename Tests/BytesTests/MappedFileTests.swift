import Bytes
import Foundation
import Support
import Testing

@Suite struct MappedFileTests {
    /// Maps a file and closes it before its octets are looked at.
    private func mapped(_ file: URL) throws -> [UInt8]? {
        let handle = try FileHandle(forReadingFrom: file)
        guard let mapping = MappedFile.map(descriptor: handle.fileDescriptor) else { return nil }
        try handle.close()
        return mapping.bytes.copied()
    }

    @Test(
        "a mapped file has the octets of the file, also when it was closed", arguments: [1, 4095, 4096, 4097, 100_000])
    func octets(_ count: Int) throws {
        let folder = try TemporaryFolder()
        let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try Data(octets).write(to: folder.file("data"))
        #expect(try mapped(folder.file("data")) == octets)
    }

    @Test("an empty file has no octets, and that is no failure")
    func empty() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.file("data"))
        #expect(try mapped(folder.file("data")) == [])
    }

    @Test("what is no regular file is not mapped: folders, devices, pipes, descriptors that are none")
    func refusals() throws {
        let device = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/zero"))
        let (isDevice, isPipe) = (
            MappedFile.map(descriptor: device.fileDescriptor) == nil,
            MappedFile.map(descriptor: Pipe().fileHandleForReading.fileDescriptor) == nil
        )
        let isNone = MappedFile.map(descriptor: -1) == nil
        #expect(isDevice && isPipe && isNone)
        #expect(throws: SystemError(number: 2)) { _ = try DescriptorSource(path: "/nonexistent/file") }
        #expect(try DescriptorSource(path: "/").isFolder)
        #expect(try DescriptorSource(path: "/").map() == nil)
    }
}
