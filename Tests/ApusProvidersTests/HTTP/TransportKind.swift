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
            case .curl: PatientTransport(base: CurlTransport())
        #endif
        case .urlSession: PatientTransport(base: URLSessionTransport())
        }
    }

    var testDescription: String { rawValue }
}

extension HTTPLimits {
    /// For servers of a machine that has a thousand other tests to do.
    static let patient = HTTPLimits(connect: .seconds(3_600), firstByte: .seconds(3_600), idle: .seconds(3_600))
}

extension HTTPProvider {
    func patient() -> Self {
        var provider = self
        provider.endpoint.limits = .patient
        return provider
    }
}

/// A transport that waits for as long as it takes, unless a request has limits of its own.
private struct PatientTransport: HTTPTransport {
    let base: any HTTPTransport

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var request = request
        if request.limits == HTTPLimits() { request.limits = .patient }
        return try await base.send(request)
    }
}

extension HTTPResponse {
    var text: String {
        get async throws { String(decoding: try await body.collect(limit: .max), as: UTF8.self) }
    }
}
