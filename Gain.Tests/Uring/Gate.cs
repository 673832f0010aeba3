using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Skips tests of what the kernel does not have, and says what that is.</summary>
internal static class Gate
{
    /// <summary>Skips unless the kernel has an operation.</summary>
    internal static void Require(this Ring ring, RingOperation operation)
    {
        try
        {
            ring.GetProbe().Require(operation);
        }
        catch (NotSupportedException missing)
        {
            Assert.Ignore(missing.Message);
        }
    }

    /// <summary>Skips unless the ring has a feature.</summary>
    internal static void Require(this Ring ring, RingFeatures feature)
    {
        if ((ring.Features & feature) == 0)
        {
            Assert.Ignore($"the kernel's io_uring has no {feature}");
        }
    }

    /// <summary>A registration; the test is skipped when the kernel is too old for it.</summary>
    internal static T Try<T>(Func<T> registration)
    {
        try
        {
            return registration();
        }
        catch (RingException refused) when (refused.ErrorNumber == Errno.EINVAL
            && refused.Advice.Contains("does not have it", StringComparison.Ordinal))
        {
            Assert.Ignore(refused.Message);
            throw;
        }
    }

    /// <summary>
    /// A ring with flags that the kernel gives or refuses; the test is skipped in that case.
    /// </summary>
    internal static Ring Create(RingOptions options)
    {
        try
        {
            return Ring.Create(options);
        }
        catch (RingException refused)
            when (refused.ErrorName is "ENOSYS" or "EPERM" or "EACCES" || IsTooNew(refused))
        {
            Assert.Ignore(refused.Message);
            throw;
        }
    }

    private static bool IsTooNew(RingException refused) =>
        refused.ErrorNumber == Errno.EINVAL
        && refused.Advice.Contains("does not have", StringComparison.Ordinal);
}
