export { endLeftovers } from '@kmd/mesos-embedded';
