import Apus
import Testing

@Suite struct FallbackChainTests {
    private struct Trouble: Error, Equatable { var number: Int }

    @Test func `each way takes over the failures it is for`() async throws {
        let chain = FallbackChain<Int> { throw Trouble(number: 1) }
            .or(when: { $0 is ResilienceError }) { 2 }
            .or(when: { $0 as? Trouble == Trouble(number: 1) }) { throw Trouble(number: 3) }
            .or(when: { $0 as? Trouble == Trouble(number: 3) }) { 4 }
        #expect(try await chain.run() == 4)
    }

    @Test func `where nobody takes over the last failure is thrown`() async throws {
        let chain = FallbackChain<Int> { throw Trouble(number: 1) }.or(when: { _ in false }) { 2 }
        await #expect(throws: Trouble(number: 1)) { try await chain.run() }
    }
}
