using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    readonly void IRing.PrepCancel(ulong target, ulong userData)
    {
        // What completed before is not found anymore, whether its completion was taken or not.
        if (!_operations.TryFind(target, out int fd, out bool isSend))
        {
            _completions.Add(userData, -Errno.ENOENT, 0);
            return;
        }

        ref EpollDescriptor entry = ref _table[fd];
        if (isSend)
        {
            // As io_uring does: what went out counts more than that the rest did not.
            CompleteSend(fd, ref entry, entry.SendDone != 0 ? entry.SendDone : -Errno.ECANCELED);
        }
        else
        {
            CompleteRead(fd, ref entry, -Errno.ECANCELED);
        }

        _completions.Add(userData, 0, 0);
    }
}
