extension RawSpan {
    /// Feeds all octets to a hasher.
    package func hash(into hasher: inout Hasher) { unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) } }
}
