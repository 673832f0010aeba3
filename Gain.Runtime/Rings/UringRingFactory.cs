using Gain.Uring;

namespace Gain.Rings;

/// <summary>Makes rings of the kernel's io_uring.</summary>
internal sealed class UringRingFactory : IRingFactory<UringRing>
{
    public UringRing Create(RingSettings settings)
    {
        try
        {
            return new UringRing(settings);
        }
        catch (RingException refused)
        {
            throw new GainException(
                GainError.RingUnavailable, refused.Message, refused.ErrorNumber, refused);
        }
    }
}
