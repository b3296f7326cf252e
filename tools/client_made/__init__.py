"""The parts of the API's clients that are written from the OpenAPI document."""
