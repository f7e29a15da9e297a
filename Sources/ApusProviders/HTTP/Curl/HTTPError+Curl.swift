#if canImport(CCurl)
    import ApusAgents
    import CCurl

    extension HTTPError {
        /// What curl says went wrong; `nil` if nothing did.
        init?(_ code: CURLcode, host: String, limits: HTTPLimits) {
            if code == CURLE_OK { return nil }
            // Connecting is the one thing that curl keeps the time of.
            let limit: HTTPLimit? = code == CURLE_OPERATION_TIMEDOUT ? .connect(limits.connect) : nil
            let words = curl_easy_strerror(code).map { String(cString: $0) } ?? ""
            self.init(Self.code(of: code), host: host, limit: limit, reason: "curl's error \(code.rawValue), \(words)")
        }

        private static func code(of code: CURLcode) -> Code {
            switch code {
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT: .badRequest
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
                CURLE_SSL_CONNECT_ERROR:
                .unreachable
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .untrusted
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            default: .connectionLost
            }
        }
    }
#endif
