using NUnit.Framework.Interfaces;

namespace Gain.Tests;

/// <summary>
/// How long a test may take before it counts as hanging: then the run ends, and says which test it was. On
/// the assembly it is for all tests, on a class for those of the class.
/// </summary>
/// <param name="seconds">
/// Far above what a test takes on a machine that is busy; <see cref="Unlimited"/> for any time.
/// </param>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class)]
internal sealed class PatienceAttribute(int seconds) : Attribute, ITestAction
{
    /// <summary>For tests whose length is set from outside.</summary>
    public const int Unlimited = 0;

    public ActionTargets Targets => ActionTargets.Test;

    // That of the class comes behind that of the assembly, and takes its place.
    public void BeforeTest(ITest test)
    {
        TimeSpan? patience = seconds == Unlimited ? null : TimeSpan.FromSeconds(seconds);
        HangWatch.Instance.Begin(test.Id, test.FullName, patience);
    }

    public void AfterTest(ITest test) => HangWatch.Instance.End(test.Id);
}
