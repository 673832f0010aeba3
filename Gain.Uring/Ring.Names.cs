using Gain.Kernel;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    private EntryNames? _names;

    internal EntryNames Names => _names ??= new EntryNames(_sqEntries);

    // The place of an entry, when it is one of this ring's.
    internal bool TryFindPlace(io_uring_sqe* entry, out int place)
    {
        long distance = entry - _sqes;
        place = (int)(distance >> _sqeShift);
        return _sqes != null && distance >= 0 && place < _sqEntries;
    }
}
