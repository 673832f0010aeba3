using Gain.Kernel;

namespace Gain.Rings;

/// <summary>Makes rings over epoll.</summary>
/// <param name="description">The rings' description, which says why they are not io_uring's.</param>
internal sealed class EpollRingFactory(string description) : IRingFactory<EpollRing>
{
    public EpollRing Create(RingSettings settings)
    {
        try
        {
            return new EpollRing(settings, description);
        }
        catch (GainException refused) when (refused.Errno is Errno.EMFILE or Errno.ENFILE)
        {
            throw new GainException(
                GainError.LimitReached,
                $"{refused.Message} Raise `ulimit -n` or the sysctl fs.file-max.",
                refused.Errno,
                refused);
        }
    }
}
