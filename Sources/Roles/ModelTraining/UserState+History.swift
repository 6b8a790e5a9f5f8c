package import Features
import Messages
package import Recommendation

extension UserState {
    /// The part of the state that recommendations are made from.
    package var history: UserHistory {
        var history = UserHistory()
        history.recent = recents.ordered.map {
            UserHistory.Entry(item: $0.itemID, type: $0.type.rawValue, timeMs: $0.timeMs)
        }
        history.purchased = purchased
        history.hidden = hidden
        history.inCart = cart
        return history
    }
}
