public import ApusAgents

#if canImport(CCurl)
    extension HTTPTransport where Self == CurlTransport {
        /// The transport that all share who are given no other: libcurl where it is, `URLSession` elsewhere.
        public static var standard: CurlTransport { .shared }
    }
#else
    extension HTTPTransport where Self == URLSessionTransport {
        /// The transport that all share who are given no other: libcurl where it is, `URLSession` elsewhere.
        public static var standard: URLSessionTransport { .shared }
    }
#endif
