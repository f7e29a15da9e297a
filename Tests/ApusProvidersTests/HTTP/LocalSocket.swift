import Foundation

#if os(Linux)
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
#else
    private let streamSocket = SOCK_STREAM
#endif

/// Sockets on this machine alone.
enum LocalSocket {
    /// A socket that listens on a free port.
    static func listening(queue: Int32) throws -> (socket: Int32, port: Int) {
        let socket = Foundation.socket(AF_INET, streamSocket, 0)
        var address = address(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> UInt16? in
                guard bind(socket, pointer, size) == 0, listen(socket, queue) == 0 else { return nil }
                return getsockname(socket, pointer, &size) == 0
                    ? UnsafeRawPointer(pointer).load(as: sockaddr_in.self).sin_port : nil
            }
        }
        guard let port else { throw POSIXError(.EADDRNOTAVAIL) }
        return (socket, Int(UInt16(bigEndian: port)))
    }

    /// A socket that is connecting, and is not waited for.
    static func connecting(to port: Int) -> Int32 {
        let socket = Foundation.socket(AF_INET, streamSocket, 0)
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        var address = address(port: UInt16(port))
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return socket
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

/// A port with a queue so full that nobody else gets a connection.
final class FullServer: Sendable {
    let port: Int
    private let sockets: [Int32]

    init() throws {
        let (listening, port) = try LocalSocket.listening(queue: 0)
        self.port = port
        sockets = [listening] + (0..<8).map { _ in LocalSocket.connecting(to: port) }
    }

    deinit { for socket in sockets { close(socket) } }

    var url: URL { URL(string: "http://127.0.0.1:\(port)")! }
}
