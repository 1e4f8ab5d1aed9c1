extension SentenceFamily { static func explain(_ b: RawSpan) -> (offset: Int, reason: String)? { nil } }
