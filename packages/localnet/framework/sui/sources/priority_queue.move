// Interface: https://docs.sui.io/references/framework/sui/priority_queue
/// A queue that gives the entry of the highest priority first: a binary heap in one vector,
/// children of entry `i` at `2i + 1` and `2i + 2`.
module sui::priority_queue;

const EPopFromEmptyHeap: u64 = 0;

public struct PriorityQueue<T: drop> has drop, store {
    entries: vector<Entry<T>>,
}

public struct Entry<T: drop> has drop, store {
    priority: u64,
    value: T,
}

public fun new<T: drop>(mut entries: vector<Entry<T>>): PriorityQueue<T> {
    let length = entries.length();
    let mut i = length / 2;
    while (i > 0) {
        i = i - 1;
        sink(&mut entries, i, length);
    };
    PriorityQueue { entries }
}

public fun pop_max<T: drop>(pq: &mut PriorityQueue<T>): (u64, T) {
    let length = pq.entries.length();
    assert!(length > 0, EPopFromEmptyHeap);
    let Entry { priority, value } = pq.entries.swap_remove(0);
    sink(&mut pq.entries, 0, length - 1);
    (priority, value)
}

public fun insert<T: drop>(pq: &mut PriorityQueue<T>, priority: u64, value: T) {
    pq.entries.push_back(Entry { priority, value });
    let mut at = pq.entries.length() - 1;
    while (at > 0) {
        let parent = (at - 1) / 2;
        if (pq.entries[at].priority <= pq.entries[parent].priority) break;
        pq.entries.swap(at, parent);
        at = parent;
    }
}

public fun new_entry<T: drop>(priority: u64, value: T): Entry<T> {
    Entry { priority, value }
}

/// One entry for each pair.
public fun create_entries<T: drop>(mut p: vector<u64>, mut v: vector<T>): vector<Entry<T>> {
    let length = p.length();
    assert!(v.length() == length, 0);
    vector::tabulate!(length, |_| Entry { priority: p.remove(0), value: v.remove(0) })
}

/// Priorities in the order in which the entries lie in the heap.
public fun priorities<T: drop>(pq: &PriorityQueue<T>): vector<u64> {
    pq.entries.map_ref!(|entry| entry.priority)
}

/// Moves entry `at` down until no child has a higher priority.
fun sink<T: drop>(entries: &mut vector<Entry<T>>, mut at: u64, length: u64) {
    loop {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let mut top = at;
        if (left < length && entries[left].priority > entries[top].priority) top = left;
        if (right < length && entries[right].priority > entries[top].priority) top = right;
        if (top == at) break;
        entries.swap(at, top);
        at = top;
    }
}
