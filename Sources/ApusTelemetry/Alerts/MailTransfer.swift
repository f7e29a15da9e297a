#if canImport(CCurl)
    import CCurl
    import Foundation

    /// One mail on its way to a server.
    struct MailTransfer: Sendable {
        let server: MailChannel.Server
        let from: String
        let to: [String]
        let bytes: [UInt8]

        private static let isReady = ccurl_start() == CURLE_OK

        /// Hands the mail over, and blocks meanwhile; returns what went wrong.
        func perform() -> String? {
            guard Self.isReady, let easy = curl_easy_init() else { return "curl could not be started" }
            defer { curl_easy_cleanup(easy) }
            var recipients: UnsafeMutablePointer<curl_slist>?
            defer { curl_slist_free_all(recipients) }
            for address in to { recipients = curl_slist_append(recipients, "<\(address)>") }
            let source = MailSource(bytes)
            return withExtendedLifetime(source) {
                configure(easy, recipients, source)
                let result = curl_easy_perform(easy)
                return result == CURLE_OK ? nil : String(cString: curl_easy_strerror(result))
            }
        }

        private func configure(
            _ easy: UnsafeMutableRawPointer, _ recipients: UnsafeMutablePointer<curl_slist>?, _ source: MailSource
        ) {
            let scheme = server.security == .tls ? "smtps" : "smtp"
            ccurl_set_text(easy, CURLOPT_URL, "\(scheme)://\(server.host):\(server.port)")
            ccurl_set_mail_only(easy)
            if server.security == .startTLS { ccurl_set_number(easy, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
            if let user = server.user { ccurl_set_text(easy, CURLOPT_USERNAME, user) }
            if let password = server.password { ccurl_set_text(easy, CURLOPT_PASSWORD, password) }
            ccurl_set_text(easy, CURLOPT_MAIL_FROM, "<\(from)>")
            ccurl_set_list(easy, CURLOPT_MAIL_RCPT, recipients)
            let limit = max(1, Int(server.timeout / .milliseconds(1)))
            ccurl_set_number(easy, CURLOPT_TIMEOUT_MS, limit)
            ccurl_set_number(easy, CURLOPT_NOSIGNAL, 1)
            ccurl_set_number(easy, CURLOPT_UPLOAD, 1)
            ccurl_set_context(easy, CURLOPT_READDATA, Unmanaged.passUnretained(source).toOpaque())
            ccurl_set_read(easy) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                let source = Unmanaged<MailSource>.fromOpaque(context).takeUnretainedValue()
                return source.copy(to: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            }
        }
    }

    /// The bytes that curl reads, from one thread.
    private final class MailSource {
        private let bytes: [UInt8]
        private var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func copy(to buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, bytes.count - place)
            buffer.copyBytes(from: bytes[place..<place + count])
            place += count
            return count
        }
    }
#endif
