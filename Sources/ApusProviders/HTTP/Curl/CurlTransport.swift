#if canImport(CCurl)
    public import Apus
    public import ApusAgents
    public import Foundation

    /// HTTP by libcurl, which providers use unless they are given another.
    ///
    /// Connections are reused, one request at a time each, so that a reader who lags holds up nobody else; HTTP/2 is spoken where
    /// the server does. A reader who lags stops the server: at most ``window`` bytes wait for him, or `HTTPLimits.waiting` if that is
    /// less. `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` are honoured, except by requests with a `NetworkPolicy`, which
    /// connect to no other address than one that they allow. gzip and deflate are decompressed within `HTTPLimits.body`. Nothing is
    /// cached or stored, and certificates are always checked.
    ///
    /// One thread does it all. It ends when the transport has been let go of and the last answer has come or been given up.
    public final class CurlTransport: HTTPTransport {
        /// How many bytes may wait for a reader.
        public static let window = 1 << 20

        /// The one that providers share unless they are given another, so that they share connections.
        public static let shared = CurlTransport()

        private let environment: any Environment
        private let loop: CurlLoop

        /// - Parameters:
        ///   - connections: How many connections there may be to one host.
        ///   - proxy: What carries requests that have no `NetworkPolicy`, instead of what the process's environment names.
        ///   - authorities: A PEM file of those who sign certificates, instead of the system's.
        public convenience init(
            connections: Int = 64, proxy: URL? = nil, authorities: URL? = nil, environment: some Environment = .live
        ) {
            let options = CurlOptions(
                connections: connections, proxy: proxy?.absoluteString, authorities: authorities?.path)
            self.init(options, environment: environment)
        }

        package init(_ options: CurlOptions, environment: some Environment = .live) {
            self.environment = environment
            loop = CurlLoop(options)
        }

        deinit { loop.close() }

        public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let address = try request.checked()
            let loop = loop
            let id = loop.nextID()
            let window = min(request.limits.waiting, Self.window)
            let exchange = Exchange(host: address.hostText, limits: request.limits, window: window) {
                loop.order(.resume(id))
            }
            let token = ExchangeToken(exchange) { loop.order(.stop(id)) }
            loop.order(.start(id, CurlRequest(request, address, exchange)))
            return try await token.response(environment)
        }
    }

    /// What all requests of a transport have in common.
    package struct CurlOptions: Sendable {
        package var connections: Int
        package var proxy: String?
        package var authorities: String?
        /// Says the addresses of a name instead of the system's resolver.
        package var names: (@Sendable (String) -> [String])?
        /// How many seconds a connection may have been idle to be used again; as curl has it unless a test is slower than that.
        package var idleSeconds = 118

        package init(
            connections: Int = 64, proxy: String? = nil, authorities: String? = nil,
            names: (@Sendable (String) -> [String])? = nil
        ) {
            (self.connections, self.proxy, self.authorities, self.names) = (connections, proxy, authorities, names)
        }
    }

    /// A request that has been checked, and whom its answer goes to.
    struct CurlRequest: Sendable {
        let request: HTTPRequest
        let address: WebAddress
        let exchange: Exchange

        init(_ request: HTTPRequest, _ address: WebAddress, _ exchange: Exchange) {
            (self.request, self.address, self.exchange) = (request, address, exchange)
        }
    }
#endif
