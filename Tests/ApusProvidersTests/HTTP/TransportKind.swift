import Apus
import ApusAgents
import ApusProviders
import Testing

/// The transports that are there, each of which has to pass the same tests.
enum TransportKind: String, CaseIterable, CustomTestStringConvertible {
    #if canImport(CCurl)
        case curl
    #endif
    case urlSession

    func make() -> any HTTPTransport {
        switch self {
        #if canImport(CCurl)
            case .curl: CurlTransport()
        #endif
        case .urlSession: URLSessionTransport()
        }
    }

    var testDescription: String { rawValue }
}

extension HTTPResponse {
    var text: String {
        get async throws { String(decoding: try await body.collect(limit: .max), as: UTF8.self) }
    }
}
