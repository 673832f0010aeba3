namespace Gain.Testing.Rings;

/// <summary>The listening socket, with those who wait to be accepted.</summary>
internal sealed class TestListener
{
    public Queue<TestSocket> Backlog { get; } = new();

    public TestOperation Accept { get; } = new(TestOperationKind.Accept, null);

    public bool IsClosed { get; set; }
}
