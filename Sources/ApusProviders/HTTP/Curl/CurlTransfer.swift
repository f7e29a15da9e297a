#if canImport(CCurl)
    import ApusAgents
    import CCurl
    import Foundation

    /// One request on curl's side: made, used and freed on its loop's thread alone.
    final class CurlTransfer {
        let easy: UnsafeMutableRawPointer
        private let exchange: Exchange
        private let policy: NetworkPolicy?
        private var head: HeadReader
        private var lists: [UnsafeMutablePointer<curl_slist>] = []
        /// Why a callback told curl to stop.
        private var failure: HTTPError?

        /// `nil` if curl could not be told; the exchange has ended then.
        init?(_ order: CurlRequest, _ options: CurlOptions) {
            exchange = order.exchange
            policy = order.request.policy
            head = HeadReader(limit: order.request.limits.head)
            guard let easy = curl_easy_init() else { preconditionFailure("curl has no memory") }
            self.easy = easy
            let codes =
                set(order.request, order.address) + setConnection(order.request, options)
                + setNames(order.address, options) + setCallbacks()
            if let code = codes.first(where: { $0 != CURLE_OK }) {
                end(code)
                return nil
            }
        }

        deinit {
            curl_easy_cleanup(easy)
            for list in lists { curl_slist_free_all(list) }
        }

        func end(_ code: CURLcode) {
            // One of several addresses may have been refused, and another have answered.
            let error = HTTPError(code, host: exchange.host, limits: exchange.limits).map { failure ?? $0 }
            exchange.end(error.map { .failure($0) } ?? .success(()))
        }

        // MARK: Options

        private func set(_ request: HTTPRequest, _ address: WebAddress) -> [CURLcode] {
            // curl adds some headers unless told not to, and waits for leave before it sends a long body.
            var lines = ["Expect:"]
            if request.headers["content-type"] == nil { lines.append("Content-Type:") }
            if request.headers["accept"] == nil { lines.append("Accept:") }
            lines += request.headers.all.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
            var codes = [
                ccurl_set_text(easy, CURLOPT_URL, address.text),
                ccurl_set_number(easy, CURLOPT_PATH_AS_IS, 1),
                ccurl_set_list(easy, CURLOPT_HTTPHEADER, list(lines)),
            ]
            if request.method == "HEAD" {
                codes.append(ccurl_set_number(easy, CURLOPT_NOBODY, 1))
            } else if !request.body.isEmpty || !["GET", "DELETE", "OPTIONS"].contains(request.method) {
                codes.append(ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
                codes.append(
                    request.body.withUnsafeBytes {
                        ccurl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(easy))
                    })
            }
            codes.append(ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method))
            return codes
        }

        private func setConnection(_ request: HTTPRequest, _ options: CurlOptions) -> [CURLcode] {
            // A curl without HTTP/2 keeps to HTTP/1.1.
            _ = ccurl_set_number(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
            var codes = [
                ccurl_set_web_only(easy),
                ccurl_set_number(easy, CURLOPT_FOLLOWLOCATION, 0),
                ccurl_set_number(easy, CURLOPT_SSL_VERIFYPEER, 1),
                ccurl_set_number(easy, CURLOPT_SSL_VERIFYHOST, 2),
                ccurl_set_number(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
                ccurl_set_number(easy, CURLOPT_NOSIGNAL, 1),
                ccurl_set_number(easy, CURLOPT_TCP_KEEPALIVE, 1),
                ccurl_set_number(easy, CURLOPT_MAXAGE_CONN, options.idleSeconds),
                ccurl_set_number(easy, CURLOPT_CONNECTTIMEOUT_MS, request.limits.connect.clampedMilliseconds),
                ccurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate"),
                ccurl_set_number(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            ]
            if let file = options.authorities { codes.append(ccurl_set_text(easy, CURLOPT_CAINFO, file)) }
            if let proxy = policy == nil ? options.proxy : "" {
                codes.append(ccurl_set_text(easy, CURLOPT_PROXY, proxy))
            }
            if !request.sharesConnections {
                codes.append(ccurl_set_number(easy, CURLOPT_FRESH_CONNECT, 1))
                codes.append(ccurl_set_number(easy, CURLOPT_FORBID_REUSE, 1))
            }
            return codes
        }

        private func setNames(_ address: WebAddress, _ options: CurlOptions) -> [CURLcode] {
            guard case .name(let name) = address.host, let addresses = options.names?(name) else { return [] }
            let line = "\(name):\(address.port):\(addresses.joined(separator: ","))"
            return [ccurl_set_list(easy, CURLOPT_RESOLVE, list([line]))]
        }

        private func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
            var list: UnsafeMutablePointer<curl_slist>?
            for line in lines { list = curl_slist_append(list, line) }
            if let list { lists.append(list) }
            return list
        }

        private func setCallbacks() -> [CURLcode] {
            let context = Unmanaged.passUnretained(self).toOpaque()
            return [
                ccurl_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                    CurlTransfer.of(context).receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
                },
                ccurl_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                    CurlTransfer.of(context).read(UnsafeRawBufferPointer(start: bytes, count: size * count))
                },
                ccurl_set_open_socket(easy) { context, _, address in CurlTransfer.of(context).open(address) },
                ccurl_set_before_request(easy) { context, address, _, port, _ in
                    CurlTransfer.of(context).mayUse(address, Int(port)) ? 0 : 1
                },
                ccurl_set_context(easy, CURLOPT_WRITEDATA, context),
                ccurl_set_context(easy, CURLOPT_HEADERDATA, context),
                ccurl_set_context(easy, CURLOPT_OPENSOCKETDATA, context),
                ccurl_set_context(easy, CURLOPT_PREREQDATA, context),
            ]
        }

        private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
            guard let context else { preconditionFailure("curl has forgotten whose callback this is") }
            return Unmanaged.fromOpaque(context).takeUnretainedValue()
        }

        // MARK: Callbacks

        private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
            switch exchange.receive(bytes) {
            case .taken: bytes.count
            case .full: Int(CURL_WRITEFUNC_PAUSE)
            case .over: -1
            }
        }

        private func read(_ line: UnsafeRawBufferPointer) -> Int {
            do {
                if let head = try head.read(line) { exchange.begin(head) }
                return line.count
            } catch {
                failure = error
                failure?.host = exchange.host
                return -1
            }
        }

        /// A socket to an address that has been looked up, if the policy allows that address.
        private func open(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
            guard let address, allows(SocketAddress(address)) else { return -1 }
            let socket = SocketAddress.socket(address.pointee)
            return socket
        }

        /// Whether a connection may carry the request: it may have been made for another.
        private func mayUse(_ address: UnsafeMutablePointer<CChar>?, _ port: Int) -> Bool {
            allows(address.flatMap { IPAddress(String(cString: $0)) }.map { SocketAddress($0, port) })
        }

        private func allows(_ peer: SocketAddress?) -> Bool {
            guard let policy else { return true }
            do throws(HTTPError) {
                guard let peer else {
                    throw HTTPError(.refused, reason: "it leads to what is no address of the internet")
                }
                try policy.check(peer.address, port: peer.port)
                return true
            } catch {
                failure = error
                failure?.host = exchange.host
                return false
            }
        }
    }

    extension Duration {
        /// What curl takes for a limit: at least a millisecond, since zero is none.
        fileprivate var clampedMilliseconds: Int {
            let (seconds, attoseconds) = components
            return seconds >= 1_000_000
                ? 1_000_000_000 : max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
        }
    }
#endif
