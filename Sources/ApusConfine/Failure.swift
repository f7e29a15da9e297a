#if os(Linux)
    import CLinux
    import Glibc

    /// What could not be done before the program began, and the error number of Linux.
    struct Failure: Error {
        var stage: String
        var code: Int32

        init(_ stage: String, _ code: Int32 = errno) {
            self.stage = stage
            self.code = code
        }

        init(_ layer: Layer, _ code: Int32 = errno) { self.init(layer.rawValue, code) }

        /// Throws unless a call of Linux went well.
        static func check(_ result: Int32, _ stage: @autoclosure () -> String) throws(Failure) {
            if result < 0 { throw Failure(stage()) }
        }

        static func check(_ result: Int32, _ layer: Layer) throws(Failure) {
            if result < 0 { throw Failure(layer) }
        }
    }
#endif
