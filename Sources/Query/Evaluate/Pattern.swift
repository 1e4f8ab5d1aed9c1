internal import Bytes
internal import CPCRE2

/// A regular expression of PCRE2, as in Wireshark: without regard to capitals unless `(?-i)` says so.
@safe
package final class Pattern {
    /// Why a text is no pattern.
    package struct Failure: Error {
        package let reason: String
    }

    private let code: OpaquePointer
    private let match: OpaquePointer
    private let context: OpaquePointer?

    /// Backtracking ends there, and the pattern counts as not found: some patterns would take for ever.
    private static let mostSteps: UInt32 = 100_000

    package init(_ text: String) throws(Failure) {
        var number: Int32 = 0
        var offset = 0
        let options = UInt32(PCRE2_CASELESS | UInt32(PCRE2_UTF) | PCRE2_MATCH_INVALID_UTF)
        var text = text
        let compiled = text.withUTF8 { octets in
            // The text lives as long as the closure; pcre2_compile copies what it needs.
            unsafe pcre2_compile_8(octets.baseAddress, octets.count, options, &number, &offset, nil)
        }
        guard let compiled = unsafe compiled, let match = unsafe pcre2_match_data_create_from_pattern_8(compiled, nil)
        else {
            throw Failure(reason: "\(Self.words(number)), at its octet \(offset)")
        }
        _ = unsafe pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
        unsafe code = compiled
        unsafe self.match = match
        unsafe context = pcre2_match_context_create_8(nil)
        unsafe pcre2_set_match_limit_8(context, Self.mostSteps)
    }

    deinit {
        unsafe pcre2_match_data_free_8(match)
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_code_free_8(code)
    }

    private static func words(_ number: Int32) -> String {
        var words = [UInt8](repeating: 0, count: 256)
        let count = unsafe pcre2_get_error_message_8(number, &words, words.count)
        return count > 0 ? String(decoding: words.prefix(Int(count)), as: UTF8.self) : "error \(number)"
    }

    /// Whether it is found anywhere in some octets. Octets that are no UTF-8 match nothing.
    package func isFound(in octets: RawSpan) -> Bool {
        unsafe octets.withUnsafeBytes { buffer in
            // An empty span may have no address, which PCRE2 takes only with a length of 0.
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return unsafe pcre2_match_8(code, start, buffer.count, 0, 0, match, context) >= 0
        }
    }
}
