import Apus
import ApusAgents
import ApusProviders

/// Answers requests one after the other as it was told to, and keeps them.
final class ScriptedTransport: HTTPTransport {
    struct Step: Sendable {
        var chunks: [String] = []
        var status = 200
        var headers: HTTPHeaders = [:]
        /// Thrown instead of an answer, or after its chunks.
        var error: HTTPError?

        static func answer(_ body: String, status: Int = 200, headers: HTTPHeaders = [:]) -> Self {
            Step(chunks: [body], status: status, headers: headers)
        }
        static func chunks(_ chunks: [String]) -> Self { Step(chunks: chunks) }
        static func failure(_ error: HTTPError) -> Self { Step(error: error) }
        static func broken(_ chunk: String, _ error: HTTPError) -> Self { Step(chunks: [chunk], error: error) }
    }

    private struct State: Sendable {
        var steps: [Step]
        var requests: [HTTPRequest] = []
        var drawn = 0
    }

    private let state: Guarded<State>

    init(_ steps: [Step]) { state = Guarded(State(steps: steps)) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    /// How many chunks have been drawn.
    var drawn: Int { state.withLock { $0.drawn } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            return state.steps.isEmpty ? Step(error: HTTPError(.unreachable)) : state.steps.removeFirst()
        }
        if let error = step.error, step.chunks.isEmpty { throw error }
        let rest = Guarded(step.chunks[...])
        let body = HTTPBody { [self] in
            if let chunk = rest.withLock({ $0.popFirst() }) {
                state.withLock { $0.drawn += 1 }
                return Array(chunk.utf8)
            }
            if let error = step.error { throw error }
            return nil
        }
        return HTTPResponse(status: step.status, headers: step.headers, body: body)
    }
}
