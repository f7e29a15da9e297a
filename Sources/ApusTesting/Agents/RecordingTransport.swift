import Apus
public import ApusAgents
import Foundation

/// Passes requests on to another transport, and keeps what was said without its secrets.
public final class RecordingTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let redaction: CassetteRedaction
    private let exchanges = Guarded<[(exchange: Cassette.Exchange, chunks: [[UInt8]])]>([])

    public init(_ base: any HTTPTransport, redaction: CassetteRedaction = CassetteRedaction()) {
        self.base = base
        self.redaction = redaction
    }

    /// What was recorded so far, in the order in which answers began.
    public var cassette: Cassette {
        Cassette(
            exchanges.withLock { $0 }.map { recorded in
                var exchange = recorded.exchange
                exchange.chunks = redacted(recorded.chunks)
                return exchange
            })
    }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var response = try await base.send(request)
        var headers: [String: String] = [:]
        for (name, value) in response.headers.all where !redaction.headers.contains(name) {
            headers[name] = redaction.replace(value)
        }
        let exchange = Cassette.Exchange(
            method: request.method, url: redaction.redacted(request.url),
            body: redaction.replace(Cassette.text(of: request.body)), status: response.status, headers: headers,
            chunks: [])
        let place = exchanges.withLock { exchanges in
            exchanges.append((exchange, []))
            return exchanges.count - 1
        }
        let next = response.body.next
        response.body = HTTPBody { [self] in
            guard let chunk = try await next() else { return nil }
            exchanges.withLock { $0[place].chunks.append(chunk) }
            return chunk
        }
        return response
    }

    /// The chunks without secrets; as one where a secret, or a letter, lies across two of them.
    private func redacted(_ chunks: [[UInt8]]) -> [String] {
        let pieces = chunks.map { redaction.replace(Cassette.text(of: $0)) }
        let whole = redaction.replace(Cassette.text(of: Array(chunks.joined())))
        return pieces.joined() == whole ? pieces : [whole]
    }
}

/// Answers requests with what was recorded, without a network.
///
/// A request gets the first exchange of its method, address and body that was not used yet; the last one that fits stays. A request that
/// fits none throws `HTTPError.Code.unreachable` and says which are there.
public final class ReplayTransport: HTTPTransport {
    private let cassette: Cassette
    private let redaction: CassetteRedaction
    private let used = Guarded<Set<Int>>([])
    private let seen = Guarded<[HTTPRequest]>([])

    public init(_ cassette: Cassette, redaction: CassetteRedaction = CassetteRedaction()) {
        self.cassette = cassette
        self.redaction = redaction
    }

    /// All requests so far, with their secrets.
    public var requests: [HTTPRequest] { seen.withLock { $0 } }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        seen.withLock { $0.append(request) }
        let url = redaction.redacted(request.url)
        let body = redaction.replace(Cassette.text(of: request.body))
        let fitting = cassette.exchanges.indices.filter { index in
            let exchange = cassette.exchanges[index]
            return exchange.method == request.method && exchange.url == url && exchange.body == body
        }
        let place = used.withLock { used -> Int? in
            let place = fitting.first { !used.contains($0) } ?? fitting.last
            if let place { used.insert(place) }
            return place
        }
        guard let place else {
            let known = cassette.exchanges.map { "\($0.method) \($0.url)" }.joined(separator: ", ")
            throw HTTPError(
                .unreachable, host: request.url.host() ?? "",
                reason: "no recorded exchange fits \(request.method) \(url) with this body; there are: \(known)")
        }
        let exchange = cassette.exchanges[place]
        var headers = HTTPHeaders()
        for (name, value) in exchange.headers.sorted(by: { $0.key < $1.key }) { headers.add(value, to: name) }
        return HTTPResponse(
            status: exchange.status, headers: headers, body: HTTPBody(chunks: exchange.chunks.map(Cassette.bytes)))
    }
}
