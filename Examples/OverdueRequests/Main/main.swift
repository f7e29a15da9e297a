import Foundation
import OverdueRequestsKit

exit(await ReviewCommand().run(Array(CommandLine.arguments.dropFirst())).rawValue)
