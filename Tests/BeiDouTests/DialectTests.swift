import BeiDou
import Testing

@Test func everyDialectHasAName() { #expect(Set(Dialect.allCases.map(\.rawValue)).count == Dialect.allCases.count) }
