import Apus
import Foundation

#if os(Linux)
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
    private let noSignal = Int32(MSG_NOSIGNAL)
#else
    private let streamSocket = SOCK_STREAM
    private let noSignal: Int32 = 0
#endif

/// A server on a free port of this machine; each connection has a thread, which talks as a closure says.
final class TestServer: Sendable {
    let port: Int
    private let isClosing = Flag()

    private final class Flag: Sendable { let value = Guarded(false) }

    init(_ talk: @escaping @Sendable (TestConnection) -> Void) throws {
        let (socket, port) = try Self.listening()
        self.port = port
        let isClosing = isClosing
        Thread.detachNewThread {
            // It alone closes the socket: whoever listens next may be given the same number.
            defer { close(socket) }
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                let talker = TestConnection(connection)
                if isClosing.value.withLock({ $0 }) { return }
                Thread.detachNewThread { talk(talker) }
            }
        }
    }

    deinit {
        isClosing.value.withLock { $0 = true }
        // Wakes the thread.
        let waker = Foundation.socket(AF_INET, streamSocket, 0)
        var address = Self.address(port: UInt16(port))
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(waker, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        close(waker)
    }

    /// A port that nobody listens on now.
    static func freePort() throws -> Int {
        let (socket, port) = try listening()
        close(socket)
        return port
    }

    private static func listening() throws -> (socket: Int32, port: Int) {
        let socket = Foundation.socket(AF_INET, streamSocket, 0)
        var address = address(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> UInt16? in
                guard bind(socket, pointer, size) == 0, listen(socket, 16) == 0 else { return nil }
                return getsockname(socket, pointer, &size) == 0
                    ? UnsafeRawPointer(pointer).load(as: sockaddr_in.self).sin_port : nil
            }
        }
        guard let port else { throw POSIXError(.EADDRNOTAVAIL) }
        return (socket, Int(UInt16(bigEndian: port)))
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

/// The server's end of one connection, for one thread.
final class TestConnection: Sendable {
    private let socket: Int32
    private let rest = Guarded<[UInt8]>([])

    init(_ socket: Int32) { self.socket = socket }

    deinit { close(socket) }

    /// The next line without its end; `nil` once the other side is gone.
    func line() -> String? {
        rest.withLock { rest in
            while true {
                if let end = rest.firstRange(of: Array("\r\n".utf8)) {
                    defer { rest.removeFirst(end.upperBound) }
                    return String(decoding: rest[..<end.lowerBound], as: UTF8.self)
                }
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = recv(socket, &buffer, buffer.count, 0)
                guard count > 0 else { return nil }
                rest += buffer[..<count]
            }
        }
    }

    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, noSignal) }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}
