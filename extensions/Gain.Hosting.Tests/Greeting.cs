namespace Gain.Hosting.Tests;

/// <summary>What a handler is given by the host.</summary>
public sealed record Greeting(string Text);
