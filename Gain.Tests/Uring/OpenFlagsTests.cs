using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>The flags of open(2) have other numbers on arm64, and the same names.</summary>
[TestFixture]
internal sealed class OpenFlagsTests
{
    // Of arm64's own fcntl.h, which moves three, and of the one that all architectures share.
    private static readonly Dictionary<OpenFlags, int> s_arm64 = new()
    {
        [OpenFlags.Directory] = 0x4000, [OpenFlags.NoFollow] = 0x8000, [OpenFlags.Direct] = 0x10000,
        [OpenFlags.Temporary] = 0x404000,
    };

    [Test]
    public void Each_flag_has_the_number_of_its_architecture() => Assert.Multiple(() =>
    {
        foreach (OpenFlags flag in Enum.GetValues<OpenFlags>())
        {
            Assert.That(SubmissionEntry.Kernels(flag, isArm64: false), Is.EqualTo((int)flag), $"x64, {flag}");
            Assert.That(
                SubmissionEntry.Kernels(flag, isArm64: true),
                Is.EqualTo(s_arm64.GetValueOrDefault(flag, (int)flag)),
                $"arm64, {flag}");
        }
    });

    [Test]
    public void Flags_that_are_moved_do_not_touch_the_others()
    {
        const OpenFlags all = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Direct | OpenFlags.Directory
            | OpenFlags.NoFollow | OpenFlags.CloseOnExec | OpenFlags.Sync;

        Assert.That(SubmissionEntry.Kernels(all, isArm64: true), Is.EqualTo(0x19D042));
        Assert.That(SubmissionEntry.Kernels(all, isArm64: false), Is.EqualTo((int)all));
    }
}
