using System.CommandLine;
using Gain.KnowledgeBuilder;

var framework = new Option<DirectoryInfo>("--framework")
{
    Description = "The directory of the implementation assemblies.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!),
};
var output = new Option<FileInfo>("--output")
{
    Description = "The table to write: Gain.Analyzers/Knowledge/framework.txt.",
    Required = true,
};
var explain = new Option<string?>("--explain")
{
    Description = "Writes no table, but why the methods have their verdicts whose ids contain this text; "
        + "for an empty text, what most verdicts go back to.",
};
var root = new RootCommand("Reads out of the framework's IL which of its methods allocate nothing.")
{
    framework, output, explain,
};
root.SetAction(result =>
{
    DirectoryInfo directory = result.GetRequiredValue(framework);
    using var library = new Library(directory);
    Overrides overrides = Overrides.Read();
    var graph = new CallGraph(library, overrides);
    graph.Solve();
    foreach (string unused in overrides.Unused)
    {
        Console.Error.WriteLine($"overrides.txt: there is no {unused}");
    }

    if (result.GetValue(explain) is { } text)
    {
        Explanation.Write(graph, text, Console.Out);
        return overrides.Unused.Any() ? 1 : 0;
    }

    var table = new TableWriter(graph, directory.Name);
    File.WriteAllText(result.GetRequiredValue(output).FullName, table.Write());
    Console.WriteLine(table.Summary);
    return overrides.Unused.Any() ? 1 : 0;
});
return root.Parse(args).Invoke();
