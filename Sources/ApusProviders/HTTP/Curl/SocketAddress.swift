#if canImport(CCurl)
    import ApusAgents
    import CCurl
    import Foundation

    /// Where a socket connects to.
    struct SocketAddress {
        let address: IPAddress
        let port: Int

        init(_ address: IPAddress, _ port: Int) { (self.address, self.port) = (address, port) }

        /// Read from what curl is about to connect to; `nil` if that is no address of the internet.
        init?(_ given: UnsafeMutablePointer<curl_sockaddr>) {
            // The address may be longer than the field that it begins in.
            guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
            let bytes = UnsafeRawPointer(given) + offset
            let length = Int(given.pointee.addrlen)
            switch given.pointee.family {
            case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
                let found = bytes.loadUnaligned(as: sockaddr_in.self)
                self.init(.v4(UInt32(bigEndian: found.sin_addr.s_addr)), Int(UInt16(bigEndian: found.sin_port)))
            case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
                let found = bytes.loadUnaligned(as: sockaddr_in6.self)
                let bits = withUnsafeBytes(of: found.sin6_addr) { $0.loadUnaligned(as: UInt128.self) }
                self.init(.v6(UInt128(bigEndian: bits)), Int(UInt16(bigEndian: found.sin6_port)))
            default: return nil
            }
        }

        /// A socket that no child of this process inherits.
        static func socket(_ given: curl_sockaddr) -> curl_socket_t {
            let socket = Foundation.socket(given.family, given.socktype, given.protocol)
            if socket >= 0 { _ = fcntl(socket, F_SETFD, FD_CLOEXEC) }
            return socket
        }
    }
#endif
