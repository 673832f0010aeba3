using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>Makes rings of the kernel's io_uring.</summary>
/// <param name="calls">How to ask for them.</param>
internal sealed class UringRingFactory(IRingCalls calls) : IRingFactory<UringRing>
{
    public UringRing Create(RingSettings settings)
    {
        try
        {
            return new UringRing(settings, calls);
        }
        catch (RingException refused)
        {
            // Without descriptors no ring can be had, of whatever kind.
            string wayOut = refused.ErrorNumber is Errno.EMFILE or Errno.ENFILE
                ? ""
                : $" {UringRefusal.WayOut}";
            throw new GainException(
                GainError.RingUnavailable, refused.Message + wayOut, refused.ErrorNumber, refused);
        }
    }
}
